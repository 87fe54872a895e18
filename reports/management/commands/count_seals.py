"""Count anew what was sealed: for seals that are older than the counting, or where somebody doubts it."""

from django.core.management.base import BaseCommand

from assessments.models import Seal
from reports.services import count_seal


class Command(BaseCommand):
    help = "Count anew what each seal says of levels and pathways, for the pages of systems."

    def add_arguments(self, parser):
        parser.add_argument("--missing", action="store_true", help="only the seals that were never counted")

    def handle(self, *, missing, **options):
        seals = Seal.objects.select_related("snapshot", "assessment").order_by("pk")
        if missing:
            seals = seals.filter(levels=None)
        counted = 0
        for seal in seals.iterator(chunk_size=50):
            count_seal(seal=seal)
            counted += 1
        self.stdout.write(f"{counted} counted")
