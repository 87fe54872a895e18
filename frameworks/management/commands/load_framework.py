"""Load a framework file as a draft, or only say what is wrong with it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from frameworks import selectors, services
from frameworks.loading import examine
from frameworks.marks import LARGEST_FILE
from frameworks.wording import counted


class Command(BaseCommand):
    help = "Load a framework from its YAML file or workbook as a draft. See docs/framework-format.md."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the YAML file or Excel workbook")
        parser.add_argument("--dry-run", action="store_true", help="only say what is wrong, and what loading would do")

    def handle(self, *, file, dry_run, **options):
        try:
            with file.open("rb") as opened:
                # One byte more than allowed shows that there is too much, however much there is.
                examined = examine(opened.read(LARGEST_FILE + 1))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        if not examined.is_sound:
            self._refuse(file, examined.findings)
        prospect = selectors.prospect(examined=examined)
        if prospect.problems:
            self._refuse(file, examined.refused(prospect.problems).findings)
        self._describe(examined, prospect)
        if dry_run:
            self.stdout.write(f"The file is sound. {prospect.outcome.label} Nothing was written: this was a dry run.")
            return
        try:
            version, outcome = services.load_version(examined=examined, by=None, at=timezone.now())
        except services.DefinitionRefused as refusal:
            self._refuse(file, refusal.findings)
        said = {
            selectors.Outcome.ADDED: "is loaded as a new draft",
            selectors.Outcome.REPLACED: "is loaded, and replaces the draft that was there",
            selectors.Outcome.UNCHANGED: "was loaded before; nothing changed",
        }
        self.stdout.write(f"{examined.definition.code} {version.number} {said[outcome]}.")

    def _describe(self, examined, prospect):
        parsed = examined.definition
        self.stdout.write(
            f"{parsed.name}, version {parsed.number}: {len(parsed.scale.levels)} levels, "
            f"{counted(len(parsed.criteria), 'criterion', 'criteria')}, {counted(len(parsed.pathways), 'pathway')}, "
            f"{counted(len(parsed.golden), 'golden case')}."
        )
        for advice in examined.advice:
            self.stdout.write(f"To think about: {advice}")
        hindrances = [*examined.failures, *examined.located(prospect.hindrances)]
        for hindrance in hindrances:
            self.stdout.write(f"In the way of publishing: {hindrance}")
        if parsed.golden and not examined.failures:
            self.stdout.write("All golden cases come out as expected.")

    def _refuse(self, file, findings):
        listed = "\n".join(f"  {finding}" for finding in findings)
        raise CommandError(f"{file.name} has {counted(len(findings), 'problem')}; nothing was loaded.\n{listed}")
