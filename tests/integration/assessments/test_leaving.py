"""A person leaves: their parts end, their open work is handed over, and a seat never counts twice."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assessments import progress, visibility
from assessments.deliberation import ballots, load_table
from assessments.models import Artefact, Score
from assessments.permissions import capacity
from assessments.selectors import load_case
from assessments.services import signing
from assessments.workflow import Move, State
from frameworks.definition import load
from improvement.models import Action
from partnership import audit_rows
from partnership.models import Job, Membership, OutgoingMail
from partnership.roles import Role
from partnership.services import leaving
from tests import factories
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def administrator():
    return factories.create_user(administrator=True)


@kept
def assessment():
    assessment = factories.create_assessment()
    factories.create_item(assessment)
    return factories.in_scoring(assessment)


@kept
def leaver(assessment):
    return factories.create_membership(place=assessment.place).user


def yesterday():
    return timezone.localdate() - timedelta(days=1)


def leave(person, administrator, successor=None, last_day=None, **more):
    last_day = last_day or yesterday()
    return leaving.leave(
        person=person, last_day=last_day, successor=successor, by=administrator, at=timezone.now(), **more
    )


def score(assessment, by, level):
    return factories.create_score(assessment.items.get(), by=by, level=level, at=timezone.now())


def levels(assessment):
    assessment.refresh_from_db()
    (item,) = load_case(assessment=assessment, on=timezone.localdate()).items
    return item.counts


def close(assessment):
    return factories.move(assessment, Move.CLOSE_SCORING)


def test_only_an_administrator_lets_somebody_leave(assessment, leaver):
    with pytest.raises(PermissionDenied):
        leave(leaver, factories.holder(Role.LEAD, assessment.place))


def test_a_successor_takes_every_part_over_for_the_same_organisation_from_the_day_after(leaver, administrator):
    (old,) = leaver.memberships.all()
    successor = factories.create_user()

    leave(leaver, administrator, successor)

    old.refresh_from_db()
    new = successor.memberships.get()
    assert old.ends_on == yesterday()
    assert (new.role, new.place, new.organisation, new.seat) == (old.role, old.place, old.organisation, old.seat)
    assert new.starts_on == timezone.localdate()
    assert audit_rows.faults() == []


def test_open_work_is_listed_and_handed_over_in_one_act(assessment, administrator):
    place = assessment.place
    organisation = factories.create_organisation(place=place)
    leaver = factories.create_user("Old Hand")
    roles = (Role.MEMBER, Role.CONTRIBUTOR, Role.SIGNATORY)
    parts = [
        factories.create_membership(user=leaver, role=role, place=place, organisation=organisation) for role in roles
    ]
    artefact = factories.create_artefact(place, title="Kept minute", by=leaver)
    body = factories.create_body(place, "Quality group", chair=parts[0])
    action = factories.create_action(assessment, title="Write it", owner=organisation, owner_name="Old Hand")
    signing_here = factories.create_assessment(place=place, state=State.SIGNING)
    successor = factories.create_user("New Hand")

    shown = leaving.preview(person=leaver, last_day=yesterday(), successor=successor)
    leave(leaver, administrator, successor, shown=shown.digest)

    said = " ".join(shown.work)
    for words in ("Kept minute", "Quality group", "Write it", "1 item to score", str(signing_here.round)):
        assert words in said
    body.refresh_from_db()
    assert body.chair.user == successor
    assert Artefact.objects.get(pk=artefact.pk).kept_by == successor
    assert Artefact.objects.get(pk=artefact.pk).added_by == leaver
    assert Action.objects.get(pk=action.pk).owner_name == "New Hand"
    told = OutgoingMail.objects.get(to=successor.email).body
    assert "Kept minute" in told
    assert ": scores\n" in told
    assert audit_rows.faults() == []


def test_work_that_changed_since_the_preview_is_not_handed_over_unseen(assessment, leaver, administrator):
    successor = factories.create_user()
    shown = leaving.preview(person=leaver, last_day=yesterday(), successor=successor)
    factories.create_body(assessment.place, chair=leaver.memberships.get())

    with pytest.raises(leaving.WorkChanged):
        leave(leaver, administrator, successor, shown=shown.digest)
    assert leaver.memberships.get().ends_on is None


def test_what_somebody_scored_before_leaving_counts_and_says_that_they_left(assessment, leaver, administrator):
    score(assessment, leaver, 3)
    leave(leaver, administrator)
    close(assessment)

    chair = capacity(user=factories.holder(Role.CHAIR, assessment.place), assessment=assessment)
    assert levels(assessment) == {3: 1}
    table = load_table(assessment=assessment)
    (ballot,) = ballots(table=table, assessment=assessment, code="SO1", capacity=chair)[table.rows[0].item.key]
    assert [given.note for given in ballot.scores] == ["has left since"]


def test_a_successors_score_counts_in_place_of_the_predecessors_which_stays_on_record(
    assessment, leaver, administrator
):
    first, second = factories.create_user(), factories.create_user()
    others = [factories.create_membership(place=assessment.place).user for _ in range(2)]
    score(assessment, leaver, 1)
    for other in others:
        score(assessment, other, 3)
    leave(leaver, administrator, first, last_day=yesterday() - timedelta(days=1))
    leave(first, administrator, second)
    score(assessment, second, 4)
    close(assessment)

    assert levels(assessment) == {3: 2, 4: 1}
    assert Score.objects.filter(membership__user=leaver).get().level == 1
    case = load_case(assessment=assessment, on=timezone.localdate())
    assert case.spread(case.items[0]).n == 3
    assert visibility.open_spreads(assessments=[assessment])[-1][-1] <= 2
    assert audit_rows.faults() == []


def test_a_successor_learns_that_the_item_was_scored_but_never_how(client, assessment, leaver, administrator):
    score(assessment, leaver, 3)
    successor = factories.create_user()
    leave(leaver, administrator, successor)
    client.force_login(successor)
    address = reverse("assessments:score", args=[assessment.public_id, "SO1"])

    text = client.get(address).text
    assert "before you took over their seat" in text
    assert 'value="3" checked' not in text
    assert '<strong data-progress="here">1 of 1</strong> scored here' in text
    score(assessment, successor, 2)
    text = client.get(address).text
    assert "before you took over their seat" not in text
    assert 'value="2" checked' in text


def test_progress_counts_a_seat_once_whoever_scored(assessment, leaver, administrator):
    framework = load(assessment.framework_version.definition)
    score(assessment, leaver, 3)
    successor = factories.create_user()
    leave(leaver, administrator, successor)

    items = progress.items_of(assessment=assessment)
    before = progress.board_progress(assessment=assessment, definition=framework, items=items)
    score(assessment, successor, 2)
    after = progress.board_progress(assessment=assessment, definition=framework, items=items)

    for found in (before, after):
        assert (found.members, found.finished, found.given, found.possible) == (1, 1, 1, 1)
    assert visibility.scores_given_by_assessment(assessments=[assessment.pk]) == {assessment.pk: 1}
    assert visibility.scores_given_by_person(assessments=[assessment]) == {assessment.pk: {successor.pk: 1}}


def test_an_organisation_that_signed_through_who_left_has_signed_and_counts_once(administrator):
    assessment = factories.create_assessment(state=State.SIGNING)
    signatory = factories.create_signatory(assessment.place)
    factories.create_signature(assessment, by=signatory)
    successor = factories.create_user()
    leave(signatory, administrator, successor)

    quorum = signing.quorum(assessment=assessment, on=timezone.localdate())
    assert len(quorum.counted) == 1
    assert signatory.memberships.get().organisation.name in quorum.counted
    with pytest.raises(signing.AlreadySigned):
        signing.sign(
            assessment=assessment,
            kind="SIGNED",
            words="",
            digest=signing.current_snapshot(assessment).digest,
            by=successor,
            at=timezone.now(),
        )


def test_whoever_left_everything_loses_their_session_at_once(client, leaver, administrator):
    client.force_login(leaver)
    assert client.get(reverse("reports:home")).status_code == 200

    leave(leaver, administrator, last_day=timezone.localdate())

    assert client.get(reverse("reports:home")).status_code == 302


def test_whoever_leaves_one_place_goes_on_at_the_other(leaver, administrator):
    elsewhere = factories.create_membership(user=leaver)

    leave(leaver, administrator, where=leaver.memberships.first().place)

    leaver.refresh_from_db()
    elsewhere.refresh_from_db()
    assert leaver.is_active
    assert elsewhere.ends_on is None


def test_a_last_day_to_come_ends_the_sign_in_when_it_is_over(leaver, administrator):
    last_day = timezone.localdate() + timedelta(days=5)
    leave(leaver, administrator, last_day=last_day)
    job = Job.objects.get(kind="end_sign_in")

    leaver.refresh_from_db()
    assert leaver.is_active
    assert timezone.localdate(job.due_at) == last_day + timedelta(days=1)
    leaving.end_sign_in(subject=job.subject, at=job.due_at)
    leaver.refresh_from_db()
    assert not leaver.is_active


def test_somebody_who_holds_the_role_already_gets_no_second_seat(assessment, leaver, administrator):
    successor = factories.create_membership(place=assessment.place).user

    shown = leave(leaver, administrator, successor)

    assert shown.parts[0].held_already
    assert Membership.objects.filter(Q(ends_on=None), user=successor).count() == 1


@pytest.mark.parametrize("who", ["themselves", "out"])
def test_a_successor_is_somebody_else_who_may_sign_in(leaver, administrator, who):
    out = factories.create_user()
    out.is_active = False

    with pytest.raises(leaving.NoSuchSuccessor):
        leave(leaver, administrator, leaver if who == "themselves" else out)


def test_an_administrator_sees_what_leaving_does_before_confirming_it(client, leaver, administrator):
    successor = factories.create_user("New Hand")
    client.force_login(administrator)
    address = reverse("partnership:leave", args=[leaver.public_id])
    asked = {
        "last_day_day": yesterday().day,
        "last_day_month": yesterday().month,
        "last_day_year": yesterday().year,
        "where": "",
        "successor": successor.email,
    }

    page = client.post(address, asked)
    today = f"{timezone.localdate():%-d %B %Y}"
    # The last day is past, and nobody takes over in the past.
    assert f"From {today} it goes to New Hand" in page.text
    assert leaver.memberships.get().ends_on is None
    confirm = {"shown": page.context["shown"].digest, "token": page.context["confirm"]["token"].value()}
    done = client.post(address, asked | confirm, follow=True)
    assert f"New Hand takes over from {today}, and is told by e-mail." in done.text
    assert client.post(address, asked | confirm).status_code in (200, 302)
    assert leaver.memberships.get().ends_on == yesterday()
    assert OutgoingMail.objects.filter(to=successor.email).count() == 1
    page = client.post(address, asked | {"successor": "nobody@people.example"})
    assert "Nobody with this address may sign in" in page.text
