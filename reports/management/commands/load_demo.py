"""Load the demo: nine places, two rounds, St Helens in full."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from partnership.models import System
from reports.demo import loader


class Command(BaseCommand):
    help = "Load the demo into an empty database; a second time it only says that the demo is there."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError(
                "The demo is for trying the portal: its people share one printed password. "
                "Set PORTAL_DEMO=1 to load it, never on a portal that holds real people."
            )
        if loader.is_loaded():
            self.stdout.write("The demo is loaded already.")
            return
        if System.objects.exists():
            raise CommandError("This database holds another system already. Load the demo into an empty database.")
        with transaction.atomic():
            loader.load(today=timezone.localdate(), say=self._say)
        self.stdout.write("The demo is loaded.")

    def _say(self, what):
        self.stdout.write(f"  {what}")
        self.stdout.flush()
