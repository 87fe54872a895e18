"""Check a report from the command line, as the page “Check a report” does, over all places."""

import hashlib
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reports import sealed


class Command(BaseCommand):
    help = (
        "Say whether a file (or a hash, of its first 12 characters or more) is an authentic report, board summary, "
        "decision, system report or zip; end with status 1 where it is unknown or was changed."
    )

    def add_arguments(self, parser):
        parser.add_argument("file_or_hash")

    def handle(self, *, file_or_hash, **options):
        path = Path(file_or_hash)
        if path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        else:
            digest = file_or_hash.strip().lower()
            if not sealed.HASH.fullmatch(digest):
                raise CommandError(
                    f"{file_or_hash!r} is neither a file nor 12 to 64 characters of a hash", returncode=2
                )
        finding = sealed.known(digest=digest)
        if finding is None:
            raise CommandError(f"Unknown: nothing that was sealed or made here has the hash {digest}", returncode=1)
        if not finding.is_intact:
            raise CommandError(f"Changed since it was sealed: {finding.of}", returncode=1)
        self.stdout.write(finding.sentence)
