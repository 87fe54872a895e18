"""Write the fixtures of the frameworks that come with the portal from their readable files."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from frameworks import identity
from frameworks.loading import examine

LIBRARY = settings.BASE_DIR / "frameworks" / "library"
FIXTURES = settings.BASE_DIR / "fixtures"


def fixture(path: Path) -> tuple[str, str]:
    """
    Return the name and the text of the fixture for a readable framework file.

    :raises CommandError: if the file is not a sound definition
    """
    examined = examine(path.read_bytes())
    if not examined.is_sound:
        raise CommandError("\n".join(f"{path.name}, {finding}" for finding in examined.findings))
    parsed = examined.definition
    rows = [
        {
            "model": "frameworks.framework",
            "fields": {
                "public_id": str(identity.framework_id(parsed.code)),
                "code": parsed.code,
                "name": parsed.name,
                "owner": parsed.owner,
            },
        },
        {
            "model": "frameworks.frameworkversion",
            "fields": {
                "public_id": str(identity.version_id(parsed.code, parsed.number)),
                "framework": [parsed.code],
                "number": parsed.number,
                "definition": examined.text,
                "digest": examined.digest,
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
