"""
Many writers save the same rows at once, over HTTP, each in a session of their own: nothing is lost.

A save that was acknowledged is what is stored, or was replaced by somebody whom the page had shown it. One that was
refused says why, with what is stored beside what was typed.
"""

import random
import re
import threading
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.urls import reverse

from assessments.models import Agreement, EvidenceItem, Score
from partnership.roles import Role
from tests import factories
from tests.page_forms import forms_of, problems_of
from tests.soak.scale import Account, amount
from tests.soak.test_tampering import found
from tests.soak.visitor import Visitor

WRITERS, SAVES = amount(50, least=6), amount(200, least=5)
ITEMS, TABS = 3, 3
MARK = re.compile(r"writer \d+, save \d+\b")


@dataclass(frozen=True)
class Target:
    """A row that several sessions write: where, in which form, and how it is read back as (version, words)."""

    path: str
    based_on: str
    words: str
    more: tuple
    stored: object


def scores(assessment, item, member):
    prefix = f"item{item.number}"
    return Target(
        reverse("assessments:score", args=[assessment.public_id, "SO1"]),
        f"{prefix}-based_on",
        f"{prefix}-comment",
        ((f"{prefix}-choice", "2"), (f"{prefix}-shown", "")),
        lambda: Score.objects.filter(item=item, membership__user=member).values_list("version", "comment").first(),
    )


def items(assessment, item):
    return Target(
        reverse("assessments:item_edit", args=[assessment.public_id, item.public_id]),
        "based_on",
        "statement",
        (("number", str(item.number)),),
        lambda: EvidenceItem.objects.filter(pk=item.pk).values_list("version", "statement").first(),
    )


def agreements(assessment, item):
    prefix = f"agree{item.number}"
    return Target(
        reverse("assessments:agree", args=[assessment.public_id, "SO1"]),
        f"{prefix}-based_on",
        f"{prefix}-reason",
        (("item", str(item.number)), ("act", "agree"), (f"{prefix}-choice", "3"), ("then", "stay")),
        lambda: Agreement.objects.filter(item=item).values_list("version", "reason").first(),
    )


class Ledger:
    """What the servers acknowledged and refused."""

    def __init__(self):
        self.lock = threading.Lock()
        self.acknowledged = defaultdict(list)
        self.refused, self.sentences = [], Counter()

    def acknowledge(self, target, based_on, words):
        with self.lock:
            self.acknowledged[target].append((based_on, words))

    def refuse(self, target, status, html, now, words):
        with self.lock:
            sentence = re.sub(r"\bItem [\w.]+", "Item …", MARK.sub("…", problems_of(html)))
            self.sentences[status, sentence] += 1
            self.refused.append((target, status, sentence, now, words, set(MARK.findall(html))))


def write(visitor, number, targets, ledger):
    chance = random.Random(number)
    # The page is opened once for each row; from then on the writer knows what the answers say.
    based_on = {}
    for save in range(SAVES):
        target = chance.choice(targets)
        if target not in based_on:
            based_on[target] = int(visitor.form(target.path, holding=target.based_on).controls[target.based_on].value)
        words = f"writer {number}, save {save}"
        status, html = visitor.post(
            target.path, dict(target.more) | {target.words: words, target.based_on: based_on[target]}
        )
        if status == 302:
            ledger.acknowledge(target, based_on[target], words)
            based_on[target] += 1
            continue
        assert status in {200, 409}, (status, html)
        now = next(
            int(form.controls[target.based_on].value)
            for form in forms_of(html, target.path)
            if target.based_on in form.controls
        )
        ledger.refuse(target, status, html, now, words)
        based_on[target] = now


def test_no_acknowledged_save_is_lost_and_every_refusal_is_explained(servers):
    account = Account("contended saves")
    place = factories.create_place()
    scoring, preparing, agreeing = (factories.create_assessment(place=place) for _ in range(3))
    rows = {each: [factories.create_item(each) for _ in range(ITEMS)] for each in (scoring, preparing, agreeing)}
    factories.in_scoring(scoring)
    factories.in_agreeing(agreeing)
    members = factories.board(place, max(1, WRITERS // 3 // TABS))
    editors = [factories.holder(Role.LEAD, place), factories.holder(Role.CONTRIBUTOR, place)]
    chair = factories.holder(Role.CHAIR, place)
    written = [agreements(agreeing, item) for item in rows[agreeing]]
    worded = [items(preparing, item) for item in rows[preparing]]
    scored = {member: [scores(scoring, item, member) for item in rows[scoring]] for member in members}
    parts = []
    for number in range(WRITERS):
        member = members[number // 3 % len(members)]
        parts.append([(member, scored[member]), (editors[number % 2], worded), (chair, written)][number % 3])
    ledger = Ledger()
    with ThreadPoolExecutor(WRITERS) as pool:
        visitors = list(pool.map(lambda pair: Visitor(servers.url, pair[0]).sign_in(pair[1][0]), enumerate(parts)))
        writers = [
            pool.submit(write, visitor, number, targets, ledger)
            for number, (visitor, (_, targets)) in enumerate(zip(visitors, parts, strict=True))
        ]
        for writer in writers:
            writer.result()

    said = {}
    for target, saves in ledger.acknowledged.items():
        saves.sort()
        versions = [based_on for based_on, _ in saves]
        # Of those who were looking at the same version one was let through, and none was passed over.
        assert versions == list(range(versions[0], versions[0] + len(saves))), target.path
        assert target.stored() == (versions[-1] + 1, saves[-1][1])
        said |= {(target, based_on + 1): words for based_on, words in saves}
    for target, status, sentence, now, words, shown in ledger.refused:
        assert sentence, (target.path, status)
        assert words in shown, (target.path, "what was typed is gone")
        assert said.get((target, now), words) in shown, (target.path, "what is stored is not shown")
    assert found() == []
    account.add("writers", WRITERS)
    account.add("saves", WRITERS * SAVES)
    account.add("acknowledged, none lost", sum(map(len, ledger.acknowledged.values())))
    for (status, sentence), count in ledger.sentences.most_common():
        account.add(f"refused with {status} “{sentence[:160]}”", count)
    account.tell()
