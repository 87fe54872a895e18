"""What is still missing before a result is put up for signature, each with the page that mends it. Pure."""

from dataclasses import dataclass

from assessments.case import Case
from assessments.disagreement import gaps
from assessments.quorum import Quorum
from frameworks.wording import counted


@dataclass(frozen=True)
class Entry:
    """One thing that is missing. `route`, `values` and `fragment` lead to where it is mended; "" where no page does."""

    label: str
    text: str = ""
    route: str = ""
    values: tuple = ()
    fragment: str = ""


@dataclass(frozen=True)
class Missing:
    """Things of one kind that are missing, under a heading with their number. `why` says what follows, or who helps."""

    kind: str
    heading: str
    why: str
    entries: tuple[Entry, ...]


def still_missing(case: Case, *, assessment, asked: Quorum, aims) -> list[Missing]:
    """
    Return what is missing, kind by kind, the gravest first; a kind of which nothing is missing is left out.

    `assessment` is its identifier for addresses, `asked` says who must sign, `aims` is the document's section.
    """
    found = [
        *_open_items(case, assessment),
        _unexplained(case, assessment),
        _bare(case, assessment),
        *_weak(case),
        *_signatories(asked),
        _undated(case, assessment, aims),
    ]
    return [each for each in found if each and each.entries]


def _open_items(case, assessment):
    open_items = [gap for gap in gaps(case) if gap.is_item]
    empty = [gap for gap in gaps(case) if not gap.is_item]
    items = {item.label: item for item in case.items}
    yield Missing(
        "open",
        f"{counted(len(open_items), 'item is', 'items are')} not settled",
        "Missing is never counted as zero: what holds them is signed as incomplete.",
        tuple(_agreed_at(items[gap.key], assessment) for gap in open_items),
    )
    yield Missing(
        "empty",
        f"{counted(len(empty), 'criterion has', 'criteria have')} no items",
        "Items were fixed when scoring opened: these criteria are signed as incomplete.",
        tuple(Entry(gap.criterion.code, gap.criterion.name) for gap in empty),
    )


def _unexplained(case, assessment):
    split = [item for item in case.items if case.is_split(item) and item.judgement and not item.rationale.strip()]
    return Missing(
        "unexplained",
        f"{counted(len(split), 'split item is', 'split items are')} settled without a rationale",
        "Readers ask how the board came to one level.",
        tuple(_agreed_at(item, assessment) for item in split),
    )


def _bare(case, assessment):
    counting = [item for item in case.items if item.label not in case.not_asked.keys]
    applying = [item for item in counting if item.judgement != "NOT_APPLICABLE" and not case.strength(item)]
    return Missing(
        "bare",
        f"{counted(len(applying), 'item has', 'items have')} no evidence in date",
        "What is agreed there is not supported where the level asks for evidence.",
        tuple(
            Entry(
                item.label,
                f"{item.statement} {'(cites only what does not count)' if item.citations else ''}".strip(),
                "assessments:item",
                (assessment, item.key),
            )
            for item in applying
        ),
    )


def _weak(case):
    """Yield the artefacts that are cited and do not count: past their review, or of a strength not yet proposed."""
    over = [each for each in case.evidence.values() if each.review_by and each.review_by < case.as_at]
    unrated = [each for each in case.evidence.values() if each.strength is None and each not in over]
    artefacts = "artefact is", "artefacts are"
    for kind, some, heading, why in (
        ("over", over, f"{counted(len(over), *artefacts)} past the day of review", "They count no more."),
        (
            "unrated",
            unrated,
            f"{counted(len(unrated), 'artefact has', 'artefacts have')} no strength proposed",
            "They count as evidence once the place lead proposes how strong they are.",
        ),
    ):
        entries = tuple(Entry(each.title, "", "assessments:artefact", (each.key,)) for each in some)
        yield Missing(kind, heading, why, entries)


def _signatories(asked):
    lacking = sorted(set(asked.required) - set(asked.expected))
    yield Missing(
        "unsigned",
        f"{counted(len(lacking), 'organisation', 'organisations')} must sign and "
        f"{'has' if len(lacking) == 1 else 'have'} no signatory",
        "The ICB's programme office invites one.",
        tuple(Entry(name) for name in lacking),
    )
    if len(asked.expected) < asked.minimum:
        yield Missing(
            "too_few",
            "Too few organisations have a signatory",
            "The ICB's programme office invites them.",
            (Entry(f"{asked.minimum} must sign", f"{len(asked.expected)} at the place can."),),
        )


def _undated(case, assessment, aims):
    entries = [
        Entry(pathway.name, "has no planned day", "reports:pathway", (assessment, pathway.code))
        for pathway in case.definition.pathways
        if pathway.code not in aims["pathways"]
    ]
    if aims["targets"] is None:
        entries.append(Entry("Targets", "are not set", "reports:targets", (assessment,)))
    return Missing(
        "undated", "What the place aims for is not said", "Not needed, but readers look for it.", tuple(entries)
    )


def _agreed_at(item, assessment):
    return Entry(item.label, item.statement, "assessments:agree", (assessment, item.criterion), f"#item-{item.number}")
