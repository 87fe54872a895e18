"""A criterion's agreeing page: what all in a capacity are shown, written once for them, and what is each reader's."""

from dataclasses import asdict, dataclass, field
from uuid import uuid4

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from assessments import permissions
from assessments.case import Objection
from assessments.views.agree_places import Place
from assessments.workflow import Move
from frameworks.definition import load


@dataclass
class Shown:
    """
    One item as the page shows it.

    `before` is markup: what stands before the form, `fields` what is in the form, and `dissent_fields` in that for a
    dissent; none holds a token. `settles` says whether the reader may settle a level, and `median` where the scores'
    middle lies.
    """

    number: int
    key: str
    name: str
    label: str
    lineage: str
    group: str
    settles: bool
    median: int | None
    before: str
    fields: str
    dissent_fields: str
    objections: list
    dissent_token: str = ""
    dissent_is_open: bool = False
    own: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)

    @classmethod
    def of(cls, place: Place, *, assessment, may_score_again):
        """Write an item of the page, with its forms as they are."""
        item = place.row.item
        lang = load(assessment.framework_version.definition).language
        context = {"place": place, "assessment": assessment, "may_score_again": may_score_again, "lang": lang}

        def written(template, is_there=True):
            return render_to_string(f"assessments/{template}.html", context) if is_there else ""

        is_statement = bool(item.statement_code)
        return cls(
            number=place.number,
            key=place.key,
            name=place.name,
            label=item.label,
            lineage=place.lineage,
            group=place.group,
            settles=place.agree is not None,
            median=place.row.spread.lower_median,
            before=written("_agree_statement_shown" if is_statement else "_agree_item_shown"),
            fields=written("_agree_fields", place.agree and not is_statement),
            dissent_fields=written("_dissent_fields", place.dissent),
            objections=list(place.objections),
            dissent_token=str(place.dissent["token"].value() or "") if place.dissent else "",
            dissent_is_open=bool(place.dissent and place.dissent.is_bound),
            own=place.own,
            notes=place.notes,
        )

    def to_data(self):
        """Return what is not the reader's own as plain data."""
        own = {"dissent_token", "dissent_is_open", "own", "notes", "objections"}
        plain = {name: value for name, value in vars(self).items() if name not in own}
        return plain | {"objections": [asdict(each) for each in self.objections]}

    @classmethod
    def from_data(cls, data):
        """Return an item as it was written for all, with a token of its own where there is a form for a dissent."""
        made = cls(**data | {"objections": [Objection(**each) for each in data["objections"]]})
        made.before, made.fields = mark_safe(made.before), mark_safe(made.fields)
        made.dissent_fields = mark_safe(made.dissent_fields)
        if made.dissent_fields:
            made.dissent_token = str(uuid4())
        return made


def written(places, *, assessment, capacity, table, code):
    """Return the page's items as `Shown`, and the rest of what all in a capacity are shown, as plain data."""
    may_score_again = Move.SCORE_AGAIN in permissions.possible_moves(capacity=capacity, assessment=assessment)
    codes = [node.code for node in table.case.definition.criteria if table.case.by_criterion[node.code]]
    here = {item.key for item in table.case.by_criterion[code]}
    at = codes.index(code) if code in codes else -1
    after_here = table.next_open(after=here)
    total = {"sum": table.sum_of(code), "heading": "All scores of this criterion"}
    rest = {
        "next": after_here and {name: getattr(after_here.item, name) for name in ("criterion", "number", "label")},
        "open_here": sum(place.row.is_open for place in places),
        "open_all": len(table.open_rows),
        "before": codes[at - 1] if at > 0 else None,
        "after": codes[at + 1] if 0 <= at < len(codes) - 1 else None,
        "sum": render_to_string("assessments/_sum.html", total),
    }
    return [Shown.of(place, assessment=assessment, may_score_again=may_score_again) for place in places], rest
