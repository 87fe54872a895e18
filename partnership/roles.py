"""The roles that people hold; pure, so that tables of rules can name them."""

from django.db.models import TextChoices


class Role(TextChoices):
    PROGRAMME_OFFICE = "PROGRAMME_OFFICE", "ICB programme office"
    LEAD = "LEAD", "Place lead"
    CHAIR = "CHAIR", "Board chair"
    MEMBER = "MEMBER", "Board member"
    SIGNATORY = "SIGNATORY", "Signatory"
    CONTRIBUTOR = "CONTRIBUTOR", "Contributor"
    REVIEWER = "REVIEWER", "Reviewer"
    OBSERVER = "OBSERVER", "Observer"


AT_PLACE = frozenset({Role.LEAD, Role.CHAIR, Role.MEMBER, Role.SIGNATORY, Role.CONTRIBUTOR, Role.OBSERVER})
OF_SYSTEM = frozenset({Role.PROGRAMME_OFFICE, Role.REVIEWER})
BOARD = frozenset({Role.LEAD, Role.CHAIR, Role.MEMBER, Role.SIGNATORY})
