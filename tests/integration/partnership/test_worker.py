"""The outbox, the jobs and the worker."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from partnership import jobs, mail, worker
from partnership.management.commands.work import Command
from partnership.models import FormToken, Job, OutgoingMail
from tests import factories

AT = factories.AT
done = []


def note(*, subject, at):
    done.append((subject, at))


def fail(*, subject, at):
    raise RuntimeError("the paper ran out")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, at=AT):
        self.at = at

    def __call__(self):
        return self.at


@pytest.fixture(autouse=True)
def handlers(settings):
    settings.JOB_HANDLERS = {"note": f"{__name__}.note", "fail": f"{__name__}.fail"}
    settings.DAILY_JOBS = []
    done.clear()


def enqueue(kind="note", *, subject=None, at=AT):
    with transaction.atomic():
        return jobs.enqueue(kind=kind, subject=subject or uuid4(), at=at)


def send_later(*, to="chair@people.example", subject="A subject", body="A body\n", at=AT):
    with transaction.atomic():
        return mail.send_later(to=to, subject=subject, body=body, at=at)


def work(clock):
    """Do all that is due and return the worker's sentences."""
    sentences = []
    while sentence := worker.do_next(clock=clock):
        sentences.append(sentence)
    return sentences


@pytest.mark.django_db
def test_a_due_mail_is_sent_once(mailoutbox):
    outgoing = send_later(subject="Sign-off is open", body="Please sign.\n")

    [sentence] = work(Clock())

    [sent] = mailoutbox
    assert (sent.subject, sent.body, sent.to) == ("Sign-off is open", "Please sign.\n", ["chair@people.example"])
    assert sent.message()["Message-ID"] == outgoing.message_id
    assert sentence == f"The e-mail {outgoing.message_id} was sent in 0.0 seconds."
    assert "chair@" not in sentence


@pytest.mark.django_db
def test_the_text_of_a_sent_mail_is_forgotten(mailoutbox):
    send_later(body="A link that lets its reader in\n")

    work(Clock())

    outgoing = OutgoingMail.objects.get()
    assert (outgoing.sent_at, outgoing.body) == (AT, "")


@pytest.mark.django_db
def test_a_mail_of_an_act_that_fails_is_never_sent(mailoutbox):
    with transaction.atomic():
        mail.send_later(to="chair@people.example", subject="Sealed", body="It is sealed.", at=AT)
        transaction.set_rollback(True)

    assert work(Clock()) == []
    assert mailoutbox == []


@pytest.mark.django_db
def test_a_line_break_in_a_subject_forges_no_header(mailoutbox):
    send_later(subject="Reminder\r\nBcc: everybody@people.example")

    work(Clock())

    assert mailoutbox[0].subject == "Reminder Bcc: everybody@people.example"
    assert mailoutbox[0].message()["Bcc"] is None


@pytest.mark.django_db
def test_a_long_subject_is_shortened():
    assert len(send_later(subject="long " * 100).subject) == 200


@pytest.mark.django_db
def test_what_is_not_due_waits(mailoutbox):
    send_later(at=AT + timedelta(hours=1))
    enqueue(at=AT + timedelta(hours=1))
    clock = Clock()

    assert work(clock) == []
    clock.at += timedelta(hours=1)
    assert len(work(clock)) == 2


@pytest.mark.django_db
def test_a_due_job_is_done_once():
    subject = uuid4()
    enqueue(subject=subject)

    [sentence] = work(Clock())

    assert done == [(subject, AT)]
    assert sentence == f"The job note for {subject} was done in 0.0 seconds."
    assert Job.objects.get().done_at == AT


@pytest.mark.django_db
def test_a_job_is_queued_once_per_kind_and_subject():
    subject = uuid4()
    first = enqueue(subject=subject)
    work(Clock())

    assert enqueue(subject=subject) == first
    assert enqueue("fail", subject=subject) != first
    assert len(work(Clock())) == 1, "the job that was done is not done again"


@pytest.mark.django_db
def test_a_job_without_a_handler_is_refused():
    with pytest.raises(ValueError, match="no handler for 'dance'"):
        enqueue("dance")


@pytest.mark.django_db(transaction=True)
def test_work_is_queued_inside_a_transaction_only():
    with pytest.raises(transaction.TransactionManagementError):
        jobs.enqueue(kind="note", subject=uuid4(), at=AT)
    with pytest.raises(transaction.TransactionManagementError):
        mail.send_later(to="chair@people.example", subject="A subject", body="A body", at=AT)


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_after_ever_longer_pauses_and_then_given_up():
    enqueue("fail")
    clock = Clock()
    pauses = []
    while not Job.objects.get().failed_at:
        [sentence] = work(clock)
        assert work(clock) == [], "it is not tried again at once"
        pauses.append((Job.objects.get().due_at - clock.at) / timedelta(minutes=1))
        clock.at = max(clock.at, Job.objects.get().due_at)

    job = Job.objects.get()
    assert pauses[:-1] == [1, 4, 16, 64, 256]
    assert job.attempts == worker.MOST_ATTEMPTS
    assert job.problem == "RuntimeError: the paper ran out"
    assert sentence.endswith("failed at attempt 6 (RuntimeError: the paper ran out); it was given up.")


@pytest.mark.django_db
def test_who_waits_is_told_how_many_the_worker_takes_up_before():
    enqueue(at=AT + timedelta(hours=1))
    last, first, second = (enqueue(at=at) for at in (AT, AT - timedelta(hours=1), AT - timedelta(hours=1)))

    assert [jobs.awaited(each, at=AT).ahead for each in (first, second, last)] == [0, 1, 2]
    work(Clock())
    assert [subject for subject, _ in done] == [first.subject, second.subject, last.subject]
    assert jobs.awaited(last, at=AT).ahead == 0


@pytest.mark.django_db
def test_who_waits_is_told_while_the_worker_is_at_it():
    job = enqueue("fail")

    def is_begun(at):
        job.refresh_from_db()
        return jobs.awaited(job, at=at).is_begun

    assert not is_begun(AT)
    claimed = worker.claim(worker.TRADES[1], at=AT)
    assert is_begun(AT)
    assert not is_begun(AT + worker.CLAIM_HOLDS), "what is claimed for so long was lost in a crash"
    worker.carry_out(worker.TRADES[1], claimed, clock=Clock())
    assert not is_begun(AT), "after a failed attempt it is put off, too"


@pytest.mark.django_db
def test_asking_again_for_a_job_that_was_given_up_starts_it_anew(settings):
    subject = uuid4()
    enqueue("fail", subject=subject)
    Job.objects.update(failed_at=AT, attempts=worker.MOST_ATTEMPTS)
    settings.JOB_HANDLERS = {"fail": f"{__name__}.note"}

    enqueue("fail", subject=subject)
    work(Clock())

    assert done == [(subject, AT)]


@pytest.mark.django_db
def test_a_failing_mail_holds_up_no_other_work(mailoutbox, monkeypatch):
    refused = send_later(to="nobody@people.example")
    send_later(to="chair@people.example")
    enqueue()
    send = mail.send

    def send_unless_refused(outgoing):
        if outgoing.pk == refused.pk:
            raise ConnectionRefusedError("no such box")
        send(outgoing)

    monkeypatch.setattr(mail, "send", send_unless_refused)
    work(Clock())

    refused.refresh_from_db()
    assert (refused.sent_at, refused.attempts) == (None, 1)
    assert refused.problem == "ConnectionRefusedError: no such box"
    assert [sent.to for sent in mailoutbox] == [["chair@people.example"]]
    assert len(done) == 1


@pytest.mark.django_db
def test_a_mail_sent_twice_after_a_crash_carries_the_same_message_id(mailoutbox, monkeypatch):
    send_later()
    clock = Clock()
    send = mail.send

    def send_and_die(outgoing):
        send(outgoing)
        raise SystemExit

    monkeypatch.setattr(mail, "send", send_and_die)
    with pytest.raises(SystemExit):
        work(clock)
    monkeypatch.setattr(mail, "send", send)
    assert work(clock) == [], "another worker leaves it alone for as long as the claim holds"
    clock.at += worker.CLAIM_HOLDS
    work(clock)

    first, second = mailoutbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"]
    assert OutgoingMail.objects.get().sent_at == clock.at


@pytest.mark.django_db
def test_work_that_ends_the_worker_every_time_is_given_up():
    enqueue()
    Job.objects.update(attempts=worker.MOST_ATTEMPTS)

    assert work(Clock()) == []

    job = Job.objects.get()
    assert job.failed_at == AT
    assert job.problem == "The worker ended each time before it was done."


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_do_each_job_once():
    subjects = [uuid4() for _ in range(12)]
    for subject in subjects:
        enqueue(subject=subject)
    together = threading.Barrier(3)
    troubles = []

    def one_worker():
        try:
            together.wait(timeout=30)
            work(Clock())
        except Exception as error:  # A thread's exception would be lost otherwise.
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one_worker) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert troubles == []
    assert sorted(subject for subject, _ in done) == sorted(subjects)
    assert not Job.objects.filter(done_at=None).exists()


@pytest.mark.django_db
def test_the_command_does_what_is_due_and_ends(mailoutbox):
    send_later()
    enqueue()
    out = StringIO()

    call_command("work", once=True, stdout=out)

    assert len(mailoutbox) == len(done) == 1
    assert len(out.getvalue().splitlines()) == 2


@pytest.mark.django_db
def test_the_command_outlasts_a_database_that_does_not_answer(monkeypatch):
    from partnership.management.commands import work as command

    def unplugged(*, clock):
        raise OperationalError("no route to the database")

    out = StringIO()
    monkeypatch.setattr(worker, "do_next", unplugged)
    monkeypatch.setattr(command, "close_old_connections", lambda: None)
    monkeypatch.setattr(command.connection, "close", lambda: None)

    pause = command.Command(stdout=out).turn()

    assert pause == command.SECONDS_AFTER_TROUBLE
    assert "no route to the database" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_command_stops_cleanly_when_told_to():
    root = Path(__file__).resolve().parents[3]
    # The test's own database, which the child would otherwise look for under its everyday name.
    name = str(connection.settings_dict["NAME"])
    code = (
        "import sys, django\n"
        "from django.conf import settings\n"
        f"settings.DATABASES['default']['NAME'] = {name!r}\n"
        "django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('work')\n"
    )
    outgoing = send_later()
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=root,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until and not OutgoingMail.objects.filter(sent_at__isnull=False).exists():
            time.sleep(0.1)
        child.send_signal(signal.SIGTERM)
        said, _ = child.communicate(timeout=30)
    finally:
        child.kill()

    assert child.returncode == 0
    assert f"The e-mail {outgoing.message_id} was sent" in said
    assert said.endswith("The worker has stopped.\n")


def session_until(at):
    return Session.objects.create(session_key=uuid4().hex, session_data="", expire_date=at)


def token_of(user, at):
    return FormToken.objects.create(user=user, token=uuid4(), spent_at=at)


@pytest.mark.django_db
def test_sessions_that_ran_out_and_marks_of_old_forms_are_cleared_and_no_others():
    person, moment = factories.create_user(), timedelta(microseconds=1)
    kept = {session_until(AT).pk, session_until(AT + moment).pk}
    session_until(AT - moment)
    last = AT - worker.TOKENS_KEPT
    recent = {token_of(person, last).pk, token_of(person, AT).pk}
    token_of(person, last - moment)

    worker.clear(at=AT)

    assert set(Session.objects.values_list("pk", flat=True)) == kept
    assert set(FormToken.objects.values_list("pk", flat=True)) == recent


@pytest.mark.django_db
def test_clearing_writes_nothing_where_nothing_is_old(django_assert_num_queries):
    session_until(AT)
    with django_assert_num_queries(2):
        worker.clear(at=AT)


@pytest.mark.django_db
def test_the_worker_clears_while_it_has_no_work_and_once_an_hour():
    command = Command(stdout=StringIO())
    for wait, cleared in ((timedelta(), True), (worker.BETWEEN_CLEARINGS / 2, False), (worker.BETWEEN_CLEARINGS, True)):
        old = session_until(AT - timedelta(days=1))
        command.clear(at=AT + wait)
        assert Session.objects.filter(pk=old.pk).exists() != cleared
        Session.objects.all().delete()


@pytest.mark.django_db
def test_a_single_pass_of_the_worker_clears_as_well():
    token_of(factories.create_user(), AT - timedelta(days=4000))

    call_command("work", once=True, stdout=StringIO())

    assert not FormToken.objects.exists()
