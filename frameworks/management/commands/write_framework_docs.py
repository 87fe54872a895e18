"""Write what the guide to the framework format says of fields, and the JSON Schema, from the vocabulary."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand

from frameworks.format_docs import with_tables
from frameworks.json_schema import schema

DOCS = settings.BASE_DIR / "docs"
GUIDE = DOCS / "framework-format.md"
SCHEMA = DOCS / "framework-format.schema.json"


class Command(BaseCommand):
    help = "Write the tables of docs/framework-format.md, and docs/framework-format.schema.json."
    requires_system_checks = []

    def handle(self, **options):
        GUIDE.write_text(with_tables(GUIDE.read_text()))
        SCHEMA.write_text(json.dumps(schema(), ensure_ascii=False, indent=2) + "\n")
        self.stdout.write(f"{GUIDE.relative_to(settings.BASE_DIR)}\n{SCHEMA.relative_to(settings.BASE_DIR)}")
