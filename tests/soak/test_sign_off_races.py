"""
Everything that may happen around signing, at once and over HTTP: no seal differs from what was signed.

Each race has one assessment and several people at their forms, opened before: the chair in two tabs, signatories, of
whom one sends the form twice, and the lead. Whatever comes first, the rows must tell one story.
"""

import json
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from django.urls import reverse

from assessments.documents import document
from assessments.models import Agreement, Assessment, Seal, Signature, StateChange
from assessments.workflow import Move, State
from partnership import audit
from partnership.models import Job
from partnership.roles import Role
from tests import factories
from tests.page_forms import problems_of
from tests.soak.scale import Account, amount
from tests.soak.test_tampering import found
from tests.soak.visitor import Visitor

RACES = amount(2_000, least=6)
# After so many a new place races, so that what is measured is races and not what a place of a thousand rounds costs.
AT_ONE_PLACE = 100


class Cast:
    """The people of one place, each in a session of their own, and an artefact to cite."""

    def __init__(self, url):
        self.place = factories.create_place()
        chair, lead = factories.holder(Role.CHAIR, self.place), factories.holder(Role.LEAD, self.place)
        self.signatories = [factories.create_signatory(self.place) for _ in range(3)]
        people = [chair, chair, lead, *self.signatories]
        visitors = [Visitor(url, number).sign_in(person) for number, person in enumerate(people)]
        self.chair, self.other_tab, self.lead, *self.signing = visitors
        self.artefact = factories.create_artefact(self.place, by=lead)


def address(name, assessment, *more):
    return reverse(f"assessments:{name}", args=[assessment.public_id, *more])


def sign(visitor, assessment, *, kind="SIGNED"):
    """Open the page to sign on, and return the act of sending its form."""
    path = address("sign", assessment)
    data = visitor.form(path, holding="digest").values() | {"kind": kind, "reservation": "Not before April"}
    return lambda: ("sign", *visitor.post(path, data))


def move(visitor, assessment, which, *, opened=None, **answers):
    """Open the page of a move, and return the act of sending its form; of the move `opened` where it has none yet."""
    path = address("move", assessment, which)
    form = visitor.form(address("move", assessment, opened or which), holding="based_on")
    data = form.values() | answers
    if "accepted" in form.controls:
        data["accepted"] = "on"
    return lambda: (str(which), *visitor.post(path, data))


def agree(visitor, assessment, level, words):
    path = address("agree", assessment, "SO1")
    based_on = Agreement.objects.get(item__assessment=assessment).version
    data = {"item": 1, "act": "agree", "then": "stay", "agree1-choice": level, "agree1-reason": words}
    return lambda: ("agree", *visitor.post(path, data | {"agree1-based_on": based_on}))


def cite(cast, assessment):
    path = address("item_cite", assessment, assessment.items.get().public_id)
    return lambda: ("cite", *cast.lead.post(path, {"artefact": cast.artefact.public_id, "locator": "page 1"}))


def while_signing(cast, assessment, chance):
    """Return what happens at once while the assessment is up for signature."""
    if chance.random() < 0.5:
        # The quorum is there before the race.
        sign(cast.signing[2], assessment)()
    today = assessment.state_since.date()
    one, two = (
        sign(visitor, assessment, kind=kind)
        for visitor, kind in zip(cast.signing, ("SIGNED", "RESERVED"), strict=False)
    )
    seal = move(
        cast.chair,
        assessment,
        Move.SEAL,
        opened=Move.TAKE_BACK,
        meeting_on_day=today.day,
        meeting_on_month=today.month,
        meeting_on_year=today.year,
        minute_reference="PB/26/1",
    )
    take_back = move(cast.other_tab, assessment, Move.TAKE_BACK, reason="A figure was wrong")
    edit = agree(cast.chair, assessment, chance.choice("34"), "Written while the others signed")
    return [one, one, two, seal, take_back, edit, cite(cast, assessment)]


def while_agreeing(cast, assessment, chance):
    """Return what happens at once while the assessment is about to be put up."""
    up = [move(visitor, assessment, Move.PUT_UP) for visitor in (cast.chair, cast.other_tab)]
    edit = agree(cast.chair, assessment, chance.choice("34"), "Written while it was put up")
    return [*up, edit, cite(cast, assessment)]


def together(pool, acts, chance):
    """Do all acts at once, each after a moment of its own, so that no two races are alike."""
    start, pauses = threading.Barrier(len(acts)), [chance.random() / 40 for _ in acts]

    def run(act, pause):
        start.wait()
        threading.Event().wait(pause)
        return act()

    return list(pool.map(run, acts, pauses))


def check(assessment):
    """Hold the rows of an assessment to each other."""
    assessment = Assessment.objects.select_related("place__system", "round", "framework_version").get(pk=assessment.pk)
    for signature in Signature.objects.filter(snapshot__assessment=assessment).select_related("snapshot"):
        assert signature.digest == signature.snapshot.digest == audit.digest(signature.snapshot.text)
    seal = Seal.objects.select_related("snapshot").filter(assessment=assessment).first()
    assert (seal is not None) == (assessment.state == State.SIGNED)
    last = assessment.snapshots.order_by("-number").first()
    if assessment.state in {State.SIGNING, State.SIGNED}:
        # What was frozen last is what stands in the rows that it was made from.
        on = last.frozen_at.date()
        assert last.text == audit.canonical(document(assessment=assessment, on=on))
    if seal:
        said = json.loads(seal.text)
        assert seal.snapshot == last
        assert audit.digest(seal.text) == seal.digest
        signed = {(str(each.public_id), each.digest) for each in last.signatures.all()}
        assert {(each["id"], each["digest"]) for each in said["signatures"]} == signed
        assert {digest for _, digest in signed} == {said["snapshot"]["digest"]}
        assert Job.objects.filter(kind="make_report", subject=seal.public_id).count() == 1
    moves = StateChange.objects.filter(assessment=assessment).order_by("pk").values_list("from_state", "to_state")
    assert all(before[1] == after[0] for before, after in zip(moves, moves[1:], strict=False))
    return assessment.state


def test_no_seal_differs_from_what_was_signed_and_no_signature_is_on_other_content(servers):
    account = Account("sign-off races")
    # Reports are made after the seal and race with nothing here, but hundreds of them would take most of the time.
    servers.end_worker()
    ends, acts, sentences = Counter(), Counter(), Counter()
    with ThreadPoolExecutor(8) as pool:
        for number in range(RACES):
            if number % AT_ONE_PLACE == 0:
                cast = Cast(servers.url)
            chance = random.Random(number)
            signing = number % 4 != 0
            assessment = factories.create_assessment(place=cast.place, state=State.AGREEING)
            factories.create_agreement(assessment.items.get())
            if signing:
                assessment = factories.move(assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)
            prepare = while_signing if signing else while_agreeing
            for act, status, html in together(pool, prepare(cast, assessment, chance), chance):
                acts[act] += 1
                if status != 302:
                    sentence = problems_of(html)
                    assert status in {200, 409}, (act, status, html)
                    assert sentence, act
                    sentences[act, status, sentence] += 1
            ends[check(assessment)] += 1
    assert found() == []
    assert len(ends) > 1, "every race ended alike, so nothing raced"
    account.add("races", RACES)
    account.add("acts at once", sum(acts.values()))
    for state, count in ends.most_common():
        account.add(f"ended {state}", count)
    for (act, status, sentence), count in sentences.most_common():
        account.add(f"{act} refused with {status} “{sentence[:120]}”", count)
    account.tell()
