"""Print docs/openapi.json from the API's resources."""

import json

from django.core.management.base import BaseCommand

from reports.api.openapi import description


class Command(BaseCommand):
    help = "Print docs/openapi.json from the API's resources."
    requires_system_checks = []

    def handle(self, **options):
        self.stdout.write(json.dumps(description(), ensure_ascii=False, indent=1))
