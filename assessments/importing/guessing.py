"""Guess what columns hold, and which criterion a name in a document means. Pure; people confirm each guess."""

import re
from difflib import SequenceMatcher
from enum import StrEnum

from assessments.importing.parts import is_address

RESEMBLES = 0.8


class Holds(StrEnum):
    """What a column can hold."""

    NOTHING = ""
    CRITERION = "criterion"
    STATEMENT = "statement"
    TITLE = "title"
    LINK = "link"
    DATED_ON = "dated_on"
    LOCATOR = "locator"
    NOTE = "note"


LABELS = {
    Holds.NOTHING: "Leave it out",
    Holds.CRITERION: "The criterion",
    Holds.STATEMENT: "The statement",
    Holds.TITLE: "Title of the evidence",
    Holds.LINK: "Link to the evidence",
    Holds.DATED_ON: "Date of the evidence",
    Holds.LOCATOR: "Page or section in the evidence",
    Holds.NOTE: "Where the evidence is held",
}
# In the order in which they are looked for: “evidence link” is a link, “date of document” a date.
SIGNS = (
    (Holds.LINK, r"link|url|web|address"),
    (Holds.DATED_ON, r"\bdate|\bdated|when"),
    (Holds.LOCATOR, r"\bpage|\bsection|paragraph"),
    (Holds.NOTE, r"\bnote|held|where|location"),
    (Holds.CRITERION, r"criteri|domain|\barea\b|theme|standard"),
    (Holds.STATEMENT, r"statement|narrative|what we|assessment|response|description|^text$"),
    (Holds.TITLE, r"evidence|proof|document|artefact|title|source|attachment"),
)
# What says more about the evidence, and nothing where neither its title nor its link is known.
DETAILS = (Holds.DATED_ON, Holds.LOCATOR, Holds.NOTE)


def lacks_evidence(columns):
    """Tell whether columns hold details of the evidence, and none its title or its link."""
    return not {Holds.TITLE, Holds.LINK} & set(columns) and bool(set(DETAILS) & set(columns))


def guess_columns(columns, rows):
    """Return what each column of a part may hold; the first column says what the part stands under."""
    found = dict.fromkeys(range(len(columns)), Holds.NOTHING)
    # Whatever it is called, a column that begins with an address holds links.
    addresses = [place for place in found if place and is_address(next((row[place] for row in rows if row[place]), ""))]
    if addresses:
        found[addresses[0]] = Holds.LINK
    for place, column in list(enumerate(columns))[1:]:
        if found[place]:
            continue
        for holds, sign in SIGNS:
            if holds not in found.values() and re.search(sign, column, re.IGNORECASE):
                found[place] = holds
                break
    if Holds.STATEMENT not in found.values():
        free = [place for place, holds in found.items() if place and holds in {Holds.NOTHING, Holds.TITLE}]
        longest = max(free, key=lambda place: sum(len(row[place]) for row in rows), default=None)
        if longest is not None:
            found[longest] = Holds.STATEMENT
    if Holds.CRITERION not in found.values():
        found[0] = Holds.CRITERION
    if lacks_evidence(found.values()):
        found = {place: Holds.NOTHING if holds in DETAILS else holds for place, holds in found.items()}
    return [found[place] for place in range(len(columns))]


def guess_criterion(name, criteria):
    """Return the code of the criterion that a name may mean, "" if none; `criteria` are pairs of code and name."""
    words = _plain(name)
    for code, called in criteria:
        if words in {_plain(code), _plain(called), _plain(f"{code} {called}")}:
            return code
    likely = [(_alike(words, _plain(called)), code) for code, called in criteria]
    best = max(likely, default=(0, ""))
    return best[1] if best[0] >= RESEMBLES else ""


def resembling(text, names):
    """Tell whether a line reads like one of the names."""
    words = _plain(text)
    return bool(words) and any(_alike(words, _plain(name)) >= RESEMBLES for name in names)


def _alike(one, other):
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= RESEMBLES and matcher.quick_ratio() >= RESEMBLES else 0


def _plain(text):
    """Return a name as it is compared: without its number, what stands in brackets, capitals and signs."""
    text = re.sub(r"^\W*\d+(\.\d+)*[.)]?\s+", "", re.sub(r"\([^()]*\)", "", text)).casefold().replace("&", " and ")
    return " ".join(re.findall(r"\w+", text))
