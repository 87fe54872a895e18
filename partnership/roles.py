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


# What each of them does here, for those who give roles and those who get them.
DOES = {
    Role.PROGRAMME_OFFICE: "Opens rounds, watches and reviews them, records decisions, invites people",
    Role.LEAD: "Writes evidence items, keeps the register, plans actions",
    Role.CHAIR: "Closes scoring, settles levels, closes the signing",
    Role.MEMBER: "Scores",
    Role.SIGNATORY: "Signs for the organisation",
    Role.CONTRIBUTOR: "Adds evidence, does not score",
    Role.REVIEWER: "Judges what places submit, beside their own levels",
    Role.OBSERVER: "Reads what is submitted",
}
AT_PLACE = frozenset({Role.LEAD, Role.CHAIR, Role.MEMBER, Role.SIGNATORY, Role.CONTRIBUTOR, Role.OBSERVER})
OF_SYSTEM = frozenset({Role.PROGRAMME_OFFICE, Role.REVIEWER})
BOARD = frozenset({Role.LEAD, Role.CHAIR, Role.MEMBER, Role.SIGNATORY})
