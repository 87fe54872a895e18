"""Reminders and weekly summaries, day by day, from the tasks of the home page."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail as sent
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments.services import deadlines
from assessments.workflow import State
from partnership import daily, worker
from partnership.models import Job, OutgoingMail
from partnership.roles import Role
from partnership.services import people, preferences
from reports import services
from reports.models import Reminder
from tests import factories

pytestmark = pytest.mark.django_db
LAST = date(2026, 12, 4)


def morning(day):
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def run(day):
    """Send what is due on a day, and return the e-mails as (address, subject)."""
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    services.send_reminders(subject=None, at=morning(day))
    return sorted(OutgoingMail.objects.exclude(pk__in=before).values_list("to", "subject"))


def only_reminders(person):
    preferences.choose(person=person, wanted=["reminders"], by=person, at=factories.AT)
    return person


@pytest.fixture
def assessment():
    return factories.create_assessment(place=factories.create_place("Ashby"), state=State.SCORING, name="Autumn")


@pytest.fixture
def member(assessment):
    return only_reminders(factories.board(assessment.place, 1)[0])


def test_a_member_is_reminded_twice_on_a_walk_through_the_days_and_not_once_it_is_done(assessment, member):
    days = [LAST - timedelta(days=days) for days in range(12, -3, -1)]
    told = {day: run(day) for day in days}
    mine = {day: [subject for to, subject in mails if to == member.email] for day, mails in told.items()}

    assert {LAST - day: subjects for day, subjects in mine.items() if subjects} == {
        timedelta(days=7): ["Score Ashby, Autumn: 1 of 1 left"],
        timedelta(days=1): ["Score Ashby, Autumn: 1 of 1 left"],
    }
    body = OutgoingMail.objects.filter(to=member.email).first().body
    assert "closes Friday 4 December 2026" in body
    assert f"/assessments/{assessment.public_id}/" in body
    assert "/e-mails/stop/" in body


def test_nobody_is_reminded_of_what_is_done(assessment, member):
    factories.create_score(assessment.items.get(), by=member)

    assert member.email not in [to for to, _ in run(LAST - timedelta(days=7))]


def test_the_same_day_again_sends_nothing_and_a_morning_missed_is_made_up_for(assessment, member):
    assert (member.email, "Score Ashby, Autumn: 1 of 1 left") in run(LAST - timedelta(days=5))
    assert run(LAST - timedelta(days=5)) == []
    assert member.email not in [to for to, _ in run(LAST - timedelta(days=4))]


def test_more_time_moves_the_reminders_with_the_deadline(assessment, member):
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)
    later = LAST + timedelta(days=14)
    deadlines.give_time(
        assessment=assessment, until=later, reason="Floods", based_on=assessment.version, by=office, at=factories.AT
    )

    for day in (LAST - timedelta(days=7), LAST - timedelta(days=1)):
        assert member.email not in [to for to, _ in run(day)]
    assert member.email in [to for to, _ in run(later - timedelta(days=7))]


def test_who_switched_reminders_off_or_may_not_sign_in_gets_none(assessment, member):
    preferences.switch_off(token=preferences.link(member, "reminders").rstrip("/").rpartition("/")[2], at=factories.AT)
    others = [only_reminders(person) for person in factories.board(assessment.place, 3)[1:]]
    people.change_person(person=others[0], name="Gone", is_active=False, based_on=1, by=None, at=factories.AT)

    told = [to for to, _ in run(LAST - timedelta(days=7))]

    assert others[1].email in told
    assert member.email not in told
    assert others[0].email not in told


def test_a_summary_comes_once_a_week_to_those_for_whom_something_waits(assessment):
    chair = factories.holder(Role.CHAIR, assessment.place)
    preferences.choose(person=chair, wanted=["digest"], by=chair, at=factories.AT)
    observer = factories.create_membership(role=Role.OBSERVER, place=assessment.place).user
    monday = date(2026, 11, 9)
    told = {day: run(day) for day in (monday + timedelta(days=days) for days in range(15))}

    days = [day for day, mails in told.items() if any(to == chair.email for to, _ in mails)]
    assert days == [monday, monday + timedelta(days=7), monday + timedelta(days=14)]
    assert not any(to == observer.email for mails in told.values() for to, _ in mails)
    body = OutgoingMail.objects.filter(to=chair.email).first().body
    assert "0 of 0 members have finished scoring" in body


def test_a_summary_says_what_is_late(assessment):
    chair = factories.holder(Role.CHAIR, assessment.place)

    run(LAST + timedelta(days=3))

    assert "Friday 4 December 2026 (late)" in OutgoingMail.objects.get(to=chair.email).body


def test_one_persons_trouble_keeps_no_reminder_from_another(assessment, member, monkeypatch):
    first = factories.board(assessment.place, 3)[2]
    home = services.selectors.home

    def trouble(*, user, day):
        if user == first:
            raise RuntimeError("a page that breaks")
        return home(user=user, day=day)

    monkeypatch.setattr(services.selectors, "home", trouble)
    with pytest.raises(services.RemindersNotSent, match="1 person"):
        run(LAST - timedelta(days=7))
    assert OutgoingMail.objects.filter(to=member.email).count() == 1
    monkeypatch.undo()

    assert first.email in [to for to, _ in run(LAST - timedelta(days=7))]
    assert OutgoingMail.objects.filter(to=member.email).count() == 1


def test_the_database_keeps_each_reminder_once():
    person = factories.create_user()
    Reminder.objects.create(user=person, key="a", sent_at=factories.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(user=person, key="a", sent_at=factories.AT)


def test_the_worker_queues_each_days_reminders_once_and_sends_them_after_eight_in_london(assessment, member):
    # Summer time has ended: eight in London is eight in UTC.
    night = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
    for _ in range(2):
        daily.enqueue_all(at=night)
    [job] = Job.objects.filter(kind="send_reminders")
    assert timezone.localtime(job.due_at).isoformat() == "2026-11-27T08:00:00+00:00"
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    daily.enqueue_all(at=summer)
    assert Job.objects.get(kind="send_reminders", due_at=datetime(2026, 7, 2, 7, 0, tzinfo=UTC))
    Job.objects.exclude(pk=job.pk).delete()

    assert worker.do_next(clock=lambda: night) is None
    at = morning(date(2026, 11, 27))
    while worker.do_next(clock=lambda: at):
        pass

    assert [mail.subject for mail in sent.outbox if mail.to == [member.email]] == ["Score Ashby, Autumn: 1 of 1 left"]
    assert all("List-Unsubscribe" in mail.extra_headers for mail in sent.outbox)
    assert not OutgoingMail.objects.exclude(body="", unsubscribe_url="").exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_nobody_twice():
    factories.create_assessment(state=State.SCORING)
    barrier, problems = Barrier(2), []

    def work():
        barrier.wait()
        try:
            services.send_reminders(subject=None, at=morning(LAST - timedelta(days=7)))
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    mails = list(OutgoingMail.objects.values_list("to", "subject"))
    assert mails
    assert len(mails) == len(set(mails))
