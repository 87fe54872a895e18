"""Saving at the same moment: nothing is lost, and nothing is overwritten unseen. Real threads, on a real database."""

import threading

import pytest
from django.db import connection

from assessments.models import Judgement, Score
from assessments.permissions import WrongState
from assessments.services.scoring import Entry, record_scores
from assessments.workflow import Move
from partnership import audit
from partnership.models import AuditEvent, Stale
from partnership.roles import Role
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrent]
ROUNDS = 5
AT = factories.AT


def at_once(*acts):
    """Run the acts in a thread each, started together, and return what each returned or raised."""
    barrier = threading.Barrier(len(acts))
    results = [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait(timeout=20)
            results[place] = act()
        except Exception as error:  # what it raised is what the test looks at
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def scoring_assessment(items=1):
    assessment = factories.create_assessment()
    for _ in range(items):
        factories.create_item(assessment)
    return factories.in_scoring(assessment)


def whole(assessment):
    return list(audit.faults(audit.chain_key(assessment))) == []


def test_members_who_save_at_once_lose_nothing():
    assessment = scoring_assessment(items=ROUNDS)
    items = list(assessment.items.order_by("number"))
    members = [factories.create_membership(place=assessment.place).user for _ in range(4)]

    def save_all(member, level):
        for item in items:
            factories.create_score(item, by=member, level=level)

    results = at_once(*(lambda m=member, n=level: save_all(m, n) for level, member in enumerate(members, 1)))

    assert results == [None] * 4
    for level, member in enumerate(members, 1):
        kept = Score.objects.filter(membership__user=member).values_list("level", flat=True)
        assert list(kept) == [level] * ROUNDS
    assert whole(assessment)


def test_of_two_tabs_of_one_member_exactly_one_is_refused():
    assessment = scoring_assessment()
    item = assessment.items.get()
    member = factories.holder(Role.MEMBER, assessment.place)
    for version in range(ROUNDS):
        stored = set(Score.objects.filter(item=item).values_list("level", flat=True))
        one, other = sorted({1, 2, 3} - stored)[:2]

        def save(level, version=version):
            return factories.create_score(item, by=member, level=level, based_on=version)

        results = at_once(lambda a=one: save(a), lambda b=other: save(b))

        refused = [result for result in results if isinstance(result, Stale)]
        written = [result for result in results if isinstance(result, Score)]
        assert (len(refused), len(written)) == (1, 1)
        now = Score.objects.get(item=item)
        assert (now.level, now.version) == (written[0].level, version + 1)
        assert refused[0].current.level == now.level
    assert whole(assessment)


def test_a_score_is_in_before_the_chair_closes_or_it_is_refused():
    for _ in range(ROUNDS):
        assessment = scoring_assessment(items=3)
        member = factories.holder(Role.MEMBER, assessment.place)
        chair = factories.holder(Role.CHAIR, assessment.place)
        entries = [Entry(item, Judgement.LEVEL, 0, level=2) for item in assessment.items.all()]

        saved, closed = at_once(
            lambda a=assessment, e=entries, m=member: record_scores(assessment=a, entries=e, by=m, at=AT),
            lambda a=assessment, c=chair: factories.move(a, Move.CLOSE_SCORING, by=c),
        )

        assert not isinstance(closed, Exception)
        events = AuditEvent.objects.filter(chain=audit.chain_key(assessment)).order_by("sequence")
        order = list(events.values_list("type", flat=True))
        if isinstance(saved, WrongState):
            assert not Score.objects.filter(item__assessment=assessment).exists()
        else:
            assert Score.objects.filter(item__assessment=assessment).count() == 3
            assert order[-4:] == [audit.Type.SCORE_RECORDED] * 3 + [audit.Type.STATE_CHANGED]
        assert whole(assessment)
