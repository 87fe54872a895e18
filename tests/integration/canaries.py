"""
Words that may be met in some places and not in others, and what is read of an answer to find them.

Whatever the factories write carries a number; here the numbers tell where they were written. Words that fewer may see
than all who read the page say of which kind they are: “Zzboard 7100012” is for the board of the place of the 71s.
"""

import io
import re
import zipfile
from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from urllib.parse import unquote

from assessments.models import Agreement, Artefact, Dissent, EvidenceItem, Judgement, Round, Score
from assessments.services import register, reviewing, voting, workshops
from assessments.services.flagging import flag_item
from assessments.services.notes import write_note
from assessments.uploads import Upload
from assessments.workflow import SHARED_WITH_ICB, State
from improvement.models import HelpChange
from partnership.models import Membership
from partnership.roles import AT_PLACE, BOARD, OF_SYSTEM, Role
from tests import factories, pdf_reading
from tests.soak.scale import SCALE

WORD = re.compile(r"(?:Zz([a-z]+)[ +.]?)?(?<![0-9A-Z-])(7[1-9]\d{5})(?![0-9a-zA-Z-])")
# Digests, twelve digits of one among them, and identifiers.
HEX = re.compile(r"[0-9a-f]{12,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The states in which most differs; in the others a few roles take turns, and with `SOAK_SCALE` all walk through all.
WALKED = (State.PREPARING, State.SCORING, State.AGREEING, State.SIGNED, State.IN_REVIEW)
WORKERS = AT_PLACE - {Role.OBSERVER}
# Who may meet the words of a kind: roles at the place itself and in its system; nobody else, ever.
AUDIENCES = {
    # Members who are no part of the walk gave these scores, which are not revealed, and these votes in a workshop.
    "unrevealed": frozenset(),
    "score": BOARD,
    # The notes of the member's organisation, of which nobody else here is, and of one whose people are no part of it.
    "note": frozenset({Role.MEMBER}),
    "noted": frozenset(),
    "board": BOARD,
    "draft": OF_SYSTEM,
    "invited": frozenset({Role.PROGRAMME_OFFICE}),
}


def canary(kind):
    return f"Zz{kind} {next(factories.numbers)}"


def writing(start):
    """Number what the factories write from `start`, and let scores, agreements and others say something too."""
    return factories.written_otherwise(
        start * 100_000 + 1,
        board=_named_board,
        create_score=_saying("comment", "score"),
        create_agreement=_saying("reason", "settled"),
        create_question=_saying("text", "asked"),
        create_reply=_saying("text", "replied"),
        create_finding=_saying("words", "found"),
    )


def _saying(argument, kind):
    def making(make, *args, **values):
        return make(*args, **{argument: canary(kind)} | values)

    return making


def _named_board(make, place, size):
    """Stand for `factories.board`: members who do nothing but score, and are called so."""
    here = Membership.objects.filter(role=Role.MEMBER, place=place, user__name__startswith="Zzscorer")
    while here.count() < size:
        factories.create_membership(place=place, user=factories.create_user(canary("scorer")))
    return [member.user for member in here.select_related("user").order_by("pk")[:size]]


def a_file(kind):
    return Upload(f"{canary(kind)}.csv", "text/csv", io.BytesIO(canary(kind).encode()))


def plant(place):
    """Write at a place what only some of its people may see."""
    scorer, voter = factories.board(place.place, 2)
    preparing, scoring, agreeing = (place.assessments[state] for state in list(State)[:3])
    item = scoring.items.first()
    for by in (scorer, voter):
        score = Score.objects.get(item=item, membership__user=by) if item.scores.filter(membership__user=by) else None
        factories.create_score(item, by=by, comment=canary("unrevealed"), based_on=score.version if score else 0)
    place.for_the_board = factories.create_artefact(
        place.place,
        title=canary("board"),
        note=canary("board"),
        upload=a_file("board"),
        sensitivity=Artefact.Sensitivity.BOARD,
    )
    for cited in (place.items[State.PREPARING], agreeing.items.first()):
        register.link_artefact(
            artefact=place.for_the_board,
            item=cited,
            locator=canary("board"),
            by=place.people[Role.LEAD],
            at=factories.AT,
        )
    settled = factories.create_agreement(agreeing.items.first(), level=2)
    factories.create_dissent(settled, text=canary("dissent"), by=voter, attributed=False)
    _vote(place, agreeing, voter)
    for by, kind in ((place.people[Role.MEMBER], "note"), (scorer, "noted")):
        partner = by.memberships.get(place=place.place, role=Role.MEMBER).organisation
        for noted in (preparing.items.get(pk=place.items[State.PREPARING].pk), item, agreeing.items.first()):
            write_note(item=noted, organisation=partner, text=canary(kind), based_on=0, by=by, at=factories.AT)
    flag_item(item=item, by=scorer, at=factories.AT)
    factories.create_finding(place.assessments[State.IN_REVIEW], words=canary("draft"), recommendation=canary("draft"))
    place.invitation = factories.create_invitation(place=place.place, name=canary("invited"))
    return place


def _vote(place, assessment, voter):
    chair, item = place.people[Role.CHAIR], assessment.items.first()
    held = place.workshop
    workshops.join_workshop(code=held.shown_code, by=voter, at=factories.AT)
    for step, more in ((workshops.take_item, {"item": item}), (workshops.open_vote, {})):
        held.refresh_from_db()
        step(workshop=held, based_on=held.version, by=chair, at=factories.AT, **more)
    item.refresh_from_db()
    voting.vote(
        workshop=held,
        item=item,
        ballot=item.ballot + 1,
        judgement=Judgement.NOT_APPLICABLE,
        level=None,
        reason=canary("unrevealed"),
        based_on=0,
        by=voter,
        at=factories.AT,
    )


def hidden_from(assessments):
    """Return the words of assessments that neither observers nor the ICB may see yet, or the ICB never, by who may."""
    hidden = defaultdict(set)
    for assessment in assessments:
        words = [
            *EvidenceItem.objects.filter(assessment=assessment).values_list("statement", flat=True),
            *Agreement.objects.filter(item__assessment=assessment).values_list("reason", flat=True),
            *Dissent.objects.filter(agreement__item__assessment=assessment).values_list("text", flat=True),
        ]
        if assessment.state not in SHARED_WITH_ICB:
            audience = WORKERS
        elif assessment.round.visibility == Round.Visibility.PLACE:
            audience = AT_PLACE
        else:
            continue
        hidden[audience] |= {number for _, number in found_in(" ".join(words))}
    return hidden


def said_between_places(system):
    """
    Return the words that all places of a system may meet on its pages: who they are, which rounds share
    their results, and what they offer and ask.
    """
    shared = system.rounds.filter(visibility__in=Round.SHARED_WITH_PEERS)
    said = [system.name, system.board_name]
    for rows in (system.places.all(), shared):
        said.extend(rows.values_list("name", flat=True))
    changes = HelpChange.objects.filter(help__place__system=system)
    for row in changes.values_list("words", "contact__name", "changed_by__name"):
        said.extend(row)
    return found_in(" ".join(said))


def found_in(text):
    """Return the canary words in a text: pairs of kind, empty where it has none, and number."""
    return set(WORD.findall(text))


def words_of(response):
    """Return all canary words in an answer: in its body, whatever that is packed in, and in its headers."""
    body = response.getvalue()
    headers = HEX.sub(" ", unquote(" ".join(response.headers.values())))
    return found_in(headers) | found_in(text_of(body))


def text_of(body):
    if body.startswith(b"%PDF"):
        return HEX.sub(" ", pdf_reading.text_of(body))
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return " ".join(f"{name} {text_of(packed.read(name))}" for name in packed.namelist())
    return HEX.sub(" ", body.decode("utf-8", "replace"))


class World:
    """Two places of a system and one of another, all with words that tell where they were written; `make` makes one."""

    def __init__(self, make):
        with writing(70):
            system, elsewhere = factories.create_system(), factories.create_system()
            office = {role: factories.create_membership(role=role, system=system).user for role in sorted(OF_SYSTEM)}
        with writing(71):
            own = self.own = make(system)
            own.assessments[State.WITHDRAWN] = factories.create_assessment(place=own.place, state=State.WITHDRAWN)
            own.items[State.WITHDRAWN] = own.assessments[State.WITHDRAWN].items.get()
            plant(own)
            self.more = {
                "kept at the place": self._submitted(Round.Visibility.PLACE),
                "published": self._submitted(Round.Visibility.PUBLISHED, with_evidence=True),
                "superseded": factories.create_assessment(place=own.place, state=State.SIGNED),
            }
            factories.reopened(self.more["superseded"], reason=canary("settled"))
        with writing(72):
            self.other = make(system)
            named = factories.create_membership(role=Role.MEMBER, place=self.other.place)
            by = office[Role.PROGRAMME_OFFICE]
            assessment = own.assessments[State.IN_REVIEW]
            reviewing.name_peer(assessment=assessment, membership=named, by=by, at=factories.AT)
        with writing(73):
            self.elsewhere = make(elsewhere)
        self.insiders = own.people | office
        self.peer_reviewer = named.user
        self.hidden = hidden_from([*own.assessments.values(), *self.more.values()])
        self.between = said_between_places(system)

    def _submitted(self, visibility, *, with_evidence=False):
        assessment = factories.create_assessment(place=self.own.place, visibility=visibility)
        if with_evidence:
            item = factories.create_item(assessment)
            self.cited = factories.create_artefact(self.own.place, item=item, upload=a_file("evidence"))
        return factories.submitted(assessment)

    def views(self):
        """Return the own place as seen in each state, and with each further row in place of all others: with names."""
        for state in State:
            yield self.own, state, state
        for name, assessment in self.more.items():
            if SCALE or name == "kept at the place":
                view = copy(self.own)
                view.assessments = dict.fromkeys(State, assessment)
                view.items = dict.fromkeys(State, assessment.items.first())
                yield view, assessment.state, name
        for name, artefact in (("for the board", self.own.for_the_board), ("cited in what is published", self.cited)):
            view = copy(self.own)
            view.artefact = artefact
            yield view, State.PREPARING, name

    def leaks(self, words, role):
        """Return those of the words that somebody with this role at the own place or in its system may not meet."""
        return {(kind, number) for kind, number in words if not self._may_meet(role, kind, number)}

    def _may_meet(self, role, kind, number):
        if not number.startswith("71"):
            # The ICB works with the other places of its system, too.
            return role in OF_SYSTEM and number.startswith("72")
        hidden = any(number in numbers and role not in audience for audience, numbers in self.hidden.items())
        return role in AUDIENCES.get(kind, Role) and not hidden


@dataclass(frozen=True)
class Visit:
    """What a person got at an address of a route, in which state of the assessment: `words` are the canaries in it."""

    role: Role | None
    name: str
    state: str
    address: str
    status: int
    words: frozenset


def visits(client, person, addresses, *, role=None):
    """Go to addresses, each with its route's name and the state of what is there, as a person or as nobody."""
    if person:
        client.force_login(person)
    else:
        client.logout()
    for name, state, address in addresses:
        response = client.get(address)
        yield Visit(role, name, state, address, response.status_code, frozenset(words_of(response)))
