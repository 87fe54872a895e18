"""
The web server and the worker are killed at random under load, with SIGKILL, and started again.

People go on saving, signing, sealing and asking for mail meanwhile; whoever gets no answer sends the same form again,
as with a page that timed out. In the end no acknowledged write is lost, no form acted twice, no sign-off is half done,
every mail and every job that was ordered was carried out, and a mail that went twice carries one Message-ID.
"""

import itertools
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from django.urls import reverse
from django.utils import timezone

from assessments.models import EvidenceItem, Score, Seal, Signature
from assessments.workflow import Move, State
from partnership.models import Job, OutgoingMail
from partnership.roles import Role
from reports.models import Report
from tests import factories
from tests.page_forms import problems_of
from tests.soak.scale import Account, amount
from tests.soak.test_sign_off_races import address, check
from tests.soak.test_tampering import found
from tests.soak.visitor import LOST, Visitor

KILLS, SEALS = amount(200, least=3), amount(60, least=2)
SECONDS_BETWEEN = 1.5
SECONDS_TO_DRAIN = 600


class Load:
    """People at work until they are told to stop; `lost` counts the requests that got no whole answer."""

    def __init__(self, url):
        self.url, self.stopping = url, threading.Event()
        self.lost, self.done = Counter(), Counter()

    def again(self, what, ask):
        """Ask until there is an answer, as somebody does whose page timed out; the form stays the same."""
        while True:
            try:
                return ask()
            except LOST:
                self.lost[what] += 1
                time.sleep(0.2)

    def open(self, what, visitor, path, holding):
        return self.again(what, lambda: visitor.form(path, holding=holding))


def score(load, visitor, assessment, item, said):
    """Save a score again and again; `said` gathers (words, whether acknowledged)."""
    path, prefix = address("score", assessment, "SO1"), f"item{item.number}"
    for number in itertools.count():
        if load.stopping.is_set():
            return
        based_on = load.open("score", visitor, path, "based_on").controls[f"{prefix}-based_on"].value
        words = f"save {number}"
        data = {f"{prefix}-choice": "2", f"{prefix}-comment": words, f"{prefix}-based_on": based_on}
        try:
            status, html = visitor.post(path, data)
        except LOST:
            load.lost["score"] += 1
            said.append((words, False))
            time.sleep(0.2)
            continue
        assert status == 302, html
        said.append((words, True))
        load.done["scores acknowledged"] += 1


def write_items(load, visitor, assessment, said):
    """Add items, each with one form that is sent until it is answered, now and then once more."""
    path = address("item_add", assessment, "SO1")
    for number in itertools.count():
        if load.stopping.is_set():
            return
        data = load.open("item", visitor, path, "statement").values() | {"statement": f"statement {number}"}
        for _ in range(1 + (number % 3 == 0)):
            status, html = load.again("item", lambda data=data: visitor.post(path, data))
            assert status == 302, html
        said.append(data["statement"])
        load.done["items acknowledged"] += 1


def sign_off(load, signing, chairing, assessments, said):
    """Sign and seal one assessment after the other."""
    for assessment in assessments:
        if load.stopping.is_set():
            return
        path = address("sign", assessment)
        data = load.open("signature", signing, path, "digest").values() | {"kind": "SIGNED"}
        status, html = load.again("signature", lambda path=path, data=data: signing.post(path, data))
        assert status == 302, html
        path, today = address("move", assessment, Move.SEAL), timezone.localdate()
        data = load.open("seal", chairing, path, "based_on").values() | {
            "meeting_on_day": today.day,
            "meeting_on_month": today.month,
            "meeting_on_year": today.year,
            "minute_reference": "PB/26/1",
        }
        status, html = load.again("seal", lambda path=path, data=data: chairing.post(path, data))
        assert status == 302, (problems_of(html), html)
        said.append(assessment)
        load.done["seals acknowledged"] += 1


def ask_for_mail(load, visitor, people, said):
    """Ask for a link by mail for one person after the other."""
    path = reverse("partnership:password_reset")
    for number, person in enumerate(people):
        if load.stopping.is_set():
            return
        visitor.address = f"10.9.{number >> 8 & 255}.{number & 255}"
        data = load.open("mail", visitor, path, "email").values() | {"email": person.email}
        try:
            status, html = visitor.post(path, data)
        except LOST:
            load.lost["mail"] += 1
            time.sleep(0.2)
            continue
        assert status == 302, html
        said.append(person.email)
        load.done["mails acknowledged"] += 1


def work_in_hand_falls_due():
    """Put the clock forward for what a killed worker had in its hands: it would fall due again by itself, later."""
    now = timezone.now()
    OutgoingMail.objects.filter(sent_at=None, failed_at=None, due_at__gt=now).update(due_at=now)
    Job.objects.filter(done_at=None, failed_at=None, due_at__gt=now).update(due_at=now)


def drain():
    until = time.monotonic() + SECONDS_TO_DRAIN
    while time.monotonic() < until:
        if not (
            OutgoingMail.objects.filter(sent_at=None, failed_at=None).exists()
            or Job.objects.filter(done_at=None, failed_at=None).exists()
        ):
            return
        time.sleep(0.1)
    raise AssertionError("the worker did not come to an end")


def test_killed_processes_lose_nothing_and_leave_nothing_half_done(servers, mail_server):
    account, chance = Account("kills under load"), random.Random(2026)
    place = factories.create_place()
    # Content that is frozen names the board, so whoever belongs to it comes first.
    signatory, _, _ = factories.create_signatory(place), factories.board(place, 3), factories.holder(Role.CHAIR, place)
    scoring, preparing = (factories.create_assessment(place=place) for _ in range(2))
    rows = [factories.create_item(scoring) for _ in range(2)]
    factories.in_scoring(scoring)
    signing = [factories.create_assessment(place=place, state=State.SIGNING) for _ in range(SEALS)]
    members = factories.board(place, 2)
    people = [factories.create_user() for _ in range(KILLS * 12)]

    def visitor(number, person):
        return Visitor(servers.url, number).sign_in(person)

    load = Load(servers.url)
    scored, added, sealed, mailed = [[] for _ in members], [], [], []
    works = [
        *(
            (score, visitor(number, member), scoring, item, said)
            for number, (member, item, said) in enumerate(zip(members, rows, scored, strict=True))
        ),
        (write_items, visitor(10, factories.holder(Role.LEAD, place)), preparing, added),
        (sign_off, visitor(11, signatory), visitor(12, factories.holder(Role.CHAIR, place)), signing, sealed),
        (ask_for_mail, Visitor(servers.url, 13), people, mailed),
    ]
    kills = Counter()
    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(work, load, *arguments) for work, *arguments in works]
        for number in range(KILLS):
            time.sleep(chance.uniform(0.2, SECONDS_BETWEEN))
            way = chance.choice(["kill_worker", "kill_one_web_process", "kill_web"]) if number > 2 else None
            way = way or ["kill_one_web_process", "kill_worker", "kill_web"][number]
            arguments = [chance] if way == "kill_one_web_process" else []
            getattr(servers, way)(*arguments)
            kills[way] += 1
            if way == "kill_web":
                servers.wait_until_it_answers()
            if number % 25 == 24:
                work_in_hand_falls_due()
        load.stopping.set()
        for each in running:
            each.result()
    work_in_hand_falls_due()
    drain()

    for member, item, said in zip(members, rows, scored, strict=True):
        stored = Score.objects.get(item=item, membership__user=member)
        acknowledged = [number for number, (_, was) in enumerate(said) if was]
        words = [words for words, _ in said]
        # What is stored is the last save that was acknowledged, or a later one whose answer was lost.
        assert words.index(stored.comment) >= acknowledged[-1]
        assert stored.version >= len(acknowledged)
    statements = Counter(EvidenceItem.objects.filter(assessment=preparing).values_list("statement", flat=True))
    assert set(statements) == set(added)
    assert set(statements.values()) <= {1}
    assert [check(assessment) for assessment in sealed] == [State.SIGNED] * len(sealed)
    for assessment in signing:
        check(assessment)
        assert Signature.objects.filter(snapshot__assessment=assessment).count() <= 1
    reports_made = Job.objects.filter(kind="make_report", done_at__isnull=False)
    assert Report.objects.count() == Seal.objects.count() == reports_made.count()
    ordered = Counter(OutgoingMail.objects.values_list("to", flat=True))
    assert set(mailed) <= set(ordered)
    again = 0
    for mail in OutgoingMail.objects.all():
        assert mail.sent_at, mail.problem
        assert mail.message_id in mail_server.taken[mail.to]
    for to, identifiers in mail_server.taken.items():
        # Whatever was sent twice is told by its Message-ID: there are no more of these than mails were ordered.
        assert len(set(identifiers)) == ordered[to]
        again += len(identifiers) - len(set(identifiers))
    assert found() == []
    account.add("kills", KILLS)
    for way, count in kills.most_common():
        account.add(way.replace("_", " "), count)
    for what, count in load.done.most_common():
        account.add(what, count)
    for what, count in load.lost.most_common():
        account.add(f"answers lost ({what})", count)
    account.add("mails ordered", sum(ordered.values()))
    account.add("mails sent again with the same Message-ID", again)
    account.add("reports made", Report.objects.count())
    twice = [model.objects.filter(attempts__gt=1).count() for model in (Job, OutgoingMail)]
    account.add("jobs and mails tried more than once", sum(twice))
    account.tell()
