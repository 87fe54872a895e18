"""Write the fixtures of the frameworks that come with the portal from their readable files."""

import json
import uuid
from pathlib import Path

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand

from frameworks import definition

LIBRARY = settings.BASE_DIR / "frameworks" / "library"
FIXTURES = settings.BASE_DIR / "fixtures"

# Public identifiers follow from the code, so that loading again, anywhere, changes nothing.
NAMESPACE = uuid.UUID("5b1f4a0e-6d2c-4f0b-9d3e-7f6c1a2b3c4d")


def fixture(path: Path) -> tuple[str, str]:
    """
    Return the name and the text of the fixture for a readable framework file.

    :raises frameworks.definition.DefinitionError: if the file is not a sound definition
    """
    data = yaml.safe_load(path.read_text())
    parsed = definition.parse(data)
    text = definition.canonical_text(data)
    rows = [
        {
            "model": "frameworks.framework",
            "fields": {
                "public_id": str(uuid.uuid5(NAMESPACE, parsed.code)),
                "code": parsed.code,
                "name": parsed.name,
                "owner": parsed.owner,
            },
        },
        {
            "model": "frameworks.frameworkversion",
            "fields": {
                "public_id": str(uuid.uuid5(NAMESPACE, f"{parsed.code} {parsed.number}")),
                "framework": [parsed.code],
                "number": parsed.number,
                "definition": text,
                "digest": definition.digest(text),
            },
        },
    ]
    return f"{path.stem}.json", json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


class Command(BaseCommand):
    help = "Write fixtures/*.json anew from the readable files in frameworks/library."

    def handle(self, *args, **options):
        for path in sorted(LIBRARY.glob("*.yaml")):
            name, text = fixture(path)
            (FIXTURES / name).write_text(text)
            self.stdout.write(f"fixtures/{name}")
