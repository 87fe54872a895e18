"""The check that the audit record is as it was written, and that the rows are as it says."""

from django.core.management.base import BaseCommand, CommandError

from partnership import audit, audit_rows
from partnership.models import AuditEvent


class Command(BaseCommand):
    help = (
        "Verify every chain of the audit record, and the rows that it vouches for; print what is wrong and end with "
        "status 1 if anything is."
    )

    def add_arguments(self, parser):
        parser.add_argument("--head", help="a hash of the record that a report prints: say where it stands")

    def handle(self, *, head=None, **options):
        chains = audit.chains()
        found = [fault for key in chains for fault in audit.faults(key)]
        found += audit_rows.faults()
        if head:
            found += self.find(head.strip().lower())
        for fault in found:
            self.stdout.write(str(fault))
        if found:
            raise CommandError(f"{len(found)} faults in {len(chains)} chains", returncode=1)
        self.stdout.write(f"{len(chains)} chains, {AuditEvent.objects.count()} events: whole")

    def find(self, head):
        event = AuditEvent.objects.filter(hash=head).first()
        if event is None:
            return [audit.Fault(head, None, "no event has this hash: the record was cut off or made anew")]
        self.stdout.write(f"{event.chain} runs through this hash at event {event.sequence}.")
        return []
