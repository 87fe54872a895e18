"""The pages of help, for whom they are, and the texts that come with the portal."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from partnership.roles import Role

TEXTS = Path(__file__).resolve().parent / "help_texts"


@dataclass(frozen=True)
class HelpPage:
    """A page of help; `roles` are those that it is written for, none for everybody."""

    code: str
    title: str
    roles: frozenset = frozenset()

    @property
    def default(self):
        """The text that comes with the portal."""
        return _text(self.code)


PAGES = (
    HelpPage("start", "How a round goes, and who sees what"),
    HelpPage("member", "For board members", frozenset({Role.MEMBER})),
    HelpPage("signatory", "For signatories", frozenset({Role.SIGNATORY})),
    HelpPage("chair", "For board chairs", frozenset({Role.CHAIR})),
    HelpPage("lead", "For place leads", frozenset({Role.LEAD})),
    HelpPage("contributor", "For contributors", frozenset({Role.CONTRIBUTOR})),
    HelpPage("reviewer", "For reviewers", frozenset({Role.REVIEWER})),
    HelpPage("programme-office", "For the ICB's programme office", frozenset({Role.PROGRAMME_OFFICE})),
    HelpPage("observer", "For observers", frozenset({Role.OBSERVER})),
)
BY_CODE = {page.code: page for page in PAGES}


def pages_for(roles):
    """Return the pages as two lists: what concerns somebody with these roles, and the others."""
    own = [page for page in PAGES if not page.roles or page.roles & roles]
    return own, [page for page in PAGES if page not in own]


@cache
def _text(code):
    return (TEXTS / f"{code}.md").read_text()
