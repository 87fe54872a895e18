"""Publish a framework version that was loaded, once its golden cases pass."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from frameworks import services
from frameworks.models import FrameworkVersion


class Command(BaseCommand):
    help = "Publish a loaded framework version, so that rounds may use it."

    def add_arguments(self, parser):
        parser.add_argument("code", help="the framework's code, such as place-development")
        parser.add_argument("number", help="the version's number, such as 1.0")

    def handle(self, *, code, number, **options):
        try:
            version = FrameworkVersion.objects.get_by_natural_key(code, number)
        except FrameworkVersion.DoesNotExist:
            known = FrameworkVersion.objects.values_list("framework__code", "number")
            listed = ", ".join(f"{known_code} {known_number}" for known_code, known_number in known) or "none"
            raise CommandError(
                f"There is no version {number} of {code}. Load its file first, with load_framework, or with loaddata "
                f"where it comes with the portal. Loaded so far: {listed}."
            ) from None
        try:
            services.publish_version(version=version, by=None, at=timezone.now())
        except services.AlreadyPublished:
            self.stdout.write(f"{code} {number} was published before; nothing changed.")
        except services.CANNOT_PUBLISH as error:
            raise CommandError(f"{code} {number} cannot be published. {error}") from None
        else:
            self.stdout.write(f"{code} {number} is published.")
