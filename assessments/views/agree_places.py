"""A criterion's items on the agreeing page, each with the forms that somebody may use."""

from dataclasses import dataclass, field

from assessments import permissions
from assessments.deliberation import Ballot, Row, ballots
from assessments.forms.agreeing import AgreeForm, DissentForm, WithdrawForm
from assessments.notes import kept_notes
from assessments.services.dissenting import is_author
from assessments.workflow import Act


@dataclass
class Place:
    """One item on a criterion's page, with the forms that the person may use."""

    row: Row
    ballots: list[Ballot]
    group: str = ""
    agree: AgreeForm | None = None
    dissent: DissentForm | None = None
    own: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    @property
    def number(self):
        return self.row.item.number

    @property
    def key(self):
        return self.row.item.key

    @property
    def lineage(self):
        return self.row.item.lineage

    @property
    def objections(self):
        return self.row.item.objections

    @property
    def name(self):
        return self.row.item.name

    @property
    def heading(self):
        return f"{self.name[0].upper()}{self.name[1:]}"

    @property
    def rationale_is_open(self):
        """Whether a checklist's folded rationale must be seen: one is needed or there, or something needs mending."""
        lie = self.row.spread
        needed = not self.row.is_decided and (lie.split or lie.not_applicable or lie.lower_median is None)
        return bool(needed or self.row.item.rationale or (self.agree and self.agree.is_bound))

    @property
    def agreement(self):
        return next((ballot.agreement for ballot in self.ballots if ballot.is_last), None)

    @property
    def forms(self):
        return [form for form in (self.agree, self.dissent, *self.own.values()) if form is not None and form.is_bound]


def places_of(assessment, capacity, table, code):
    """Return a criterion's items in order, each with the forms that anybody in a capacity may use."""
    may_agree = permissions.can(Act.AGREE, capacity=capacity, assessment=assessment)
    may_dissent = permissions.can(Act.DISSENT, capacity=capacity, assessment=assessment)
    held = ballots(table=table, assessment=assessment, code=code, capacity=capacity)
    definition, criterion = table.case.definition, table.criterion(code)
    places = []
    for item in table.case.by_criterion[code]:
        group = definition.group_name(criterion, item.statement_code)
        place = Place(row=table.row(item), ballots=held.get(item.key, []), group=group)
        if may_agree:
            place.agree = agree_form(place)
        if may_dissent and place.agreement:
            place.dissent = DissentForm(number=place.number, agreement=place.agreement)
        places.append(place)
    return places


def with_own(places, *, assessment, capacity):
    """Add to a criterion's items what is the reader's alone: their partners' notes, and dissents to withdraw."""
    may_dissent = permissions.can(Act.DISSENT, capacity=capacity, assessment=assessment)
    notes = kept_notes(capacity=capacity, assessment=assessment, items=[place.key for place in places])
    for place in places:
        place.notes = notes.get(place.key, [])
        if may_dissent:
            mine = _own_dissents(place.objections, place.lineage, capacity.user)
            place.own = {each: WithdrawForm(key=each.key) for each in mine}
    return places


def _own_dissents(objections, lineage, user):
    mine = (each for each in objections if is_author(author=each.author, lineage=lineage, user=user))
    return [each for each in mine if not each.is_withdrawn]


def agree_form(place, data=None):
    """Return the form that settles an item; what suggests itself is chosen, unless the scores are split."""
    lie = place.row.spread
    # A split has no answer that suggests itself, so none is chosen beforehand.
    median = None if lie.split or lie.not_applicable or place.row.is_decided else lie.lower_median
    return AgreeForm(
        data,
        number=place.number,
        scale=place.row.scale,
        agreement=place.agreement,
        median=median,
        is_checklist=bool(place.row.item.statement_code),
    )
