"""The check that the audit record is as it was written."""

from django.core.management.base import BaseCommand, CommandError

from partnership import audit
from partnership.models import AuditEvent


class Command(BaseCommand):
    help = "Verify every chain of the audit record; print what is wrong and end with status 1 if anything is."

    def handle(self, **options):
        chains = audit.chains()
        found = 0
        for key in chains:
            for fault in audit.faults(key):
                self.stdout.write(f"{fault.chain}, event {fault.sequence}: {fault.what}")
                found += 1
        if found:
            raise CommandError(f"{found} faults in {len(chains)} chains", returncode=1)
        self.stdout.write(f"{len(chains)} chains, {AuditEvent.objects.count()} events: whole")
