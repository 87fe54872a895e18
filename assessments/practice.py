"""A practice item: made up here, scored on the page of a member, and stored nowhere."""

from dataclasses import dataclass
from datetime import date

from assessments.deliberation import Ballot, Given, counted_levels, settled_words
from assessments.forms.scoring import ScoreForm
from assessments.models import Artefact, ArtefactLink, EvidenceItem, Judgement, Score
from assessments.score_sheet import Cited, SheetItem, Unstored
from frameworks.scale import Scale
from frameworks.spread import Spread, spread
from partnership.models import Membership, Organisation, User

STATEMENT = "Every spring the partnership invites residents to walk through a local park and says what it heard there."
ARTEFACTS = (
    ("What residents said on the spring walk", 2, date(2026, 4, 20), "Notes that the made-up partnership published."),
    ("Plan for next year's walk", 1, date(2026, 6, 8), "It says what is meant to happen, not that it has."),
)
# The made-up colleagues: each with what they chose, as a share of the way from the lowest level to the highest.
COLLEAGUES = (
    ("A colleague from the council", "Made-up council", 1 / 3, "I was on the walk. What came of it, I have not heard."),
    ("A colleague from a charity", "Made-up charity", 1 / 3, ""),
    ("A colleague from the hospital", "Made-up hospital", 1, "We changed the path because of it."),
)


class PracticeForm(ScoreForm):
    """What a member would give; nothing of it is saved."""

    nothing_chosen = "Choose {one}, or “cannot judge”"


@dataclass(frozen=True)
class PracticeItem(Unstored):
    """The practice item as the scoring page shows an item."""

    sheet: SheetItem
    form: PracticeForm
    heading = "Practice item"
    prefix = ""


@dataclass(frozen=True)
class Revealed:
    """What the board would see of it once scoring has closed."""

    scale: Scale
    spread: Spread
    ballot: Ballot

    @property
    def levels(self):
        return counted_levels(self.scale, self.spread)

    @property
    def sentence(self):
        return self.spread.sentence(self.scale.names)


def practice_item(scale: Scale, data=None) -> PracticeItem:
    """Return the made-up item, with what was sent of it."""
    item = EvidenceItem(number=1, statement=STATEMENT)
    cited = tuple(
        Cited(
            ArtefactLink(
                # An artefact that is nowhere has no page of its own.
                artefact=Artefact(
                    public_id="",
                    title=title,
                    strength=strength,
                    dated_on=dated_on,
                    note=note,
                    kind=Artefact.Kind.DOCUMENT,
                    owner=Organisation(name="Made-up council"),
                )
            ),
            is_old=False,
        )
        for title, strength, dated_on, note in ARTEFACTS
    )
    return PracticeItem(SheetItem(item, scale, cited, None, ""), PracticeForm(data, item=item, scale=scale))


def revealed(scale: Scale, form: PracticeForm, *, who: str) -> Revealed:
    """Return how a sound form would lie beside the scores of made-up colleagues."""
    own = form.entry()
    given = [_given(scale, who, "Your organisation", own.judgement, own.level, own.reason, own.comment)]
    for name, organisation, share, comment in COLLEAGUES:
        level = scale.lowest + round(share * (scale.highest - scale.lowest))
        given.append(_given(scale, name, organisation, Judgement.LEVEL, level, "", comment))
    levels = [each.score.level for each in given if each.score.level is not None]
    counts = spread(
        levels,
        scale.ranks,
        cannot_judge=int(own.judgement == Judgement.CANNOT_JUDGE),
        not_applicable=int(own.judgement == Judgement.NOT_APPLICABLE),
    )
    return Revealed(scale, counts, Ballot(1, True, tuple(given), None, ""))


def _given(scale, name, organisation, judgement, level, reason, comment):
    membership = Membership(user=User(name=name), organisation=Organisation(name=organisation))
    score = Score(membership=membership, judgement=judgement, level=level, reason=reason, comment=comment)
    return Given(score, settled_words(scale, judgement, level))
