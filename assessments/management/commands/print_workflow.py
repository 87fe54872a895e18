"""Print docs/assessment-states.md from the workflow tables."""

from django.core.management.base import BaseCommand

from assessments.workflow_docs import page


class Command(BaseCommand):
    help = "Print docs/assessment-states.md from the workflow tables."
    requires_system_checks = []

    def handle(self, **options):
        self.stdout.write(page(), ending="")
