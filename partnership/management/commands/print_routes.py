"""Print docs/routes.md from the route tables."""

from django.core.management.base import BaseCommand

from partnership.route_docs import page


class Command(BaseCommand):
    help = "Print docs/routes.md from the route tables."
    requires_system_checks = []

    def handle(self, **options):
        self.stdout.write(page(), ending="")
