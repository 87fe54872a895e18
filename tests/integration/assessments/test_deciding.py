"""The ICB's decision: what it needs, what it seals, and what becomes of its conditions."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Assessment, Condition, ConditionClosure, Decision, PathwayDecision
from assessments.selectors import load_case
from assessments.services import deciding
from assessments.services.reviewing import review_artefact
from assessments.workflow import Move, State
from frameworks import readiness
from improvement.models import Action
from partnership import audit, audit_rows
from partnership.models import OutgoingMail
from partnership.roles import Role
from tests import factories
from tests.factories import AT

pytestmark = [pytest.mark.django_db]


def ready(**values):
    """Return an assessment on which nothing but the decision is missing."""
    return factories.reviewed_after_submission(factories.create_assessment(state=State.SUBMITTED, **values))


def decide(assessment, **changes):
    said = factories.create_decision_said(assessment) | changes
    return factories.move(assessment, Move.DECIDE, **said)


def test_the_decision_is_sealed_as_a_document_that_cites_what_the_place_signed():
    assessment = ready()
    seal = assessment.seal
    before = (seal.text, seal.snapshot.text)

    decide(assessment)

    decision = Decision.objects.get()
    told = json.loads(decision.text)
    assert decision.text == audit.canonical(told)
    assert decision.digest == audit.digest(decision.text)
    assert told["seal"]["digest"] == seal.digest
    assert told["snapshot"]["digest"] == seal.snapshot.digest
    assert told["decided_on"] == AT.date().isoformat()
    assert [(each["functions"], each["reasons"]) for each in told["pathways"]] == [
        (["Community services"], "The evidence is there")
    ] * len(told["pathways"])
    assert told["review"][0]["criterion"] == "SO1"
    assert told["questions"][0]["replies"][0]["text"] == "Every month."
    fresh = Assessment.objects.get(pk=assessment.pk)
    assert (fresh.seal.text, fresh.seal.snapshot.text) == before
    assert not list(audit.faults(audit.chain_key(assessment)))


def test_rows_and_record_say_the_same_of_a_review_and_its_decision():
    assessment = factories.create_assessment()
    item = factories.create_item(assessment)
    factories.create_artefact(assessment.place, item=item, strength=2)
    factories.in_review(assessment)
    factories.create_finding(assessment)
    review_artefact(
        assessment=assessment,
        artefact=assessment.place.artefacts.get(),
        strength=1,
        words="A plan",
        based_on=0,
        by=factories.holder(Role.REVIEWER, assessment.place),
        at=AT,
    )
    factories.decided_after_review(assessment)

    assert audit_rows.faults() == []


def test_lead_and_chair_hear_of_the_decision():
    assessment = ready()

    decide(assessment)

    told = OutgoingMail.objects.filter(subject__contains="The ICB has decided").values_list("to", flat=True)
    cast = [factories.holder(role, assessment.place).email for role in (Role.LEAD, Role.CHAIR)]
    assert sorted(told) == sorted(cast)


def test_conditions_become_actions_of_the_place():
    assessment = ready()

    decide(assessment)

    conditions = list(Condition.objects.order_by("pk"))
    actions = {action.condition: action for action in Action.objects.filter(assessment=assessment)}
    assert set(actions) == set(conditions)
    for condition, action in actions.items():
        assert (action.title, action.owner, action.due_on) == (condition.text, condition.owner, condition.due_on)
        assert (action.pathway, action.gate) == (condition.decided.pathway, condition.gate)
        assert action.changes.count() == 1


def test_nothing_is_decided_before_the_place_could_reply_to_the_finished_review():
    assessment = factories.create_assessment(state=State.IN_REVIEW)
    factories.create_finding(assessment)

    with pytest.raises(deciding.ReviewMissing, match="right of reply"):
        decide(assessment)

    assert not Decision.objects.exists()


def test_nothing_is_decided_while_a_finding_changed_since_lacks_its_recommendation():
    assessment = ready()
    factories.create_finding(assessment, level=1, words="The plan lapsed", based_on=1)

    with pytest.raises(deciding.ReviewMissing, match="recommendation is missing"):
        decide(assessment)


def wrong(**changes):
    """Return a change of what is said on the first pathway."""

    def change(said):
        first, *others = said["pathways"]
        return said | {"pathways": [replace(first, **changes), *others]}

    return change


def wrong_condition(**changes):
    def change(said):
        first, *others = said["pathways"]
        condition = replace(first.conditions[0], **changes)
        return said | {"pathways": [replace(first, conditions=(condition,)), *others]}

    return change


@pytest.mark.parametrize(
    "change, sentence",
    [
        (lambda said: said | {"pathways": said["pathways"][1:]}, "choose what is decided"),
        (wrong(outcome="PERHAPS"), "choose what is decided"),
        (wrong(reasons=" "), "give the reasons"),
        (wrong(functions=" "), "name the functions"),
        (wrong(outcome="NOT_YET", conditions=()), "name no functions"),
        (wrong(conditions=()), "at least one condition"),
        (wrong(outcome="ACCEPT"), "conditions go with"),
        (wrong_condition(text=" "), "needs words"),
        (wrong_condition(gate="NONE"), "a gate of the pathway"),
        (wrong_condition(due_on=AT.date() - timedelta(days=1)), "must be due"),
        (lambda said: said | {"decided_on": None}, "day of the decision"),
        (lambda said: said | {"decided_on": AT.date() + timedelta(days=1)}, "day of the decision"),
        (lambda said: said | {"decided_on": AT.date() - timedelta(days=1)}, "not before the place signed"),
    ],
)
def test_a_decision_that_lacks_something_names_it_and_seals_nothing(change, sentence):
    assessment = ready()
    said = change(factories.create_decision_said(assessment))

    with pytest.raises(deciding.DecisionRefused, match=sentence):
        factories.move(assessment, Move.DECIDE, **said)

    assessment.refresh_from_db()
    assert assessment.state == State.IN_REVIEW
    assert not Decision.objects.exists()
    assert not Action.objects.exists()


def test_a_condition_belongs_to_a_partner_of_the_place():
    assessment = ready()
    said = wrong_condition(owner=factories.create_organisation())(factories.create_decision_said(assessment))

    with pytest.raises(deciding.PathwayUndecided, match="a partner"):
        factories.move(assessment, Move.DECIDE, **said)


def test_open_conditions_of_the_last_decision_keep_a_gate_shut_until_the_icb_closes_them():
    place = factories.create_place()
    earlier = decide(ready(place=place))
    later = factories.create_assessment(place=place, state=State.AGREEING)

    def gate():
        case = load_case(assessment=later, on=AT.date())
        pathway = next(
            each for each in case.definition.pathways if any(g.kind == "conditions_closed" for g in each.gates)
        )
        results = readiness.evaluate(case.definition, pathway, case.facts)
        return next(str(each.status) for each in results if each.kind == "conditions_closed")

    assert gate() == "fail"
    for condition in Condition.objects.filter(decided__decision__assessment=earlier):
        close(condition)
    assert gate() == "pass"
    # Its own decision is no earlier one.
    assert load_case(assessment=earlier, on=AT.date()).open_conditions == 0


def test_the_place_says_that_its_action_is_done_and_the_icb_that_the_condition_is_met():
    assessment = decide(ready())
    condition = Condition.objects.first()

    Action.objects.filter(condition=condition).update(status=Action.Status.DONE)

    assert condition in Condition.objects.still_open()
    assert assessment.state == State.DECIDED


def close(condition, *, by=None, words="We have seen the agreement"):
    by = by or factories.holder(Role.PROGRAMME_OFFICE, condition.decided.decision.assessment.place)
    return deciding.close_condition(condition=condition, words=words, by=by, at=AT)


@pytest.mark.parametrize("role", [*Role, None])
def test_who_closes_a_condition(role):
    assessment = decide(ready())
    person = factories.holder(role, assessment.place) if role else factories.create_user()
    condition = Condition.objects.first()

    if role == Role.PROGRAMME_OFFICE:
        close(condition, by=person)
        with pytest.raises(deciding.AlreadyClosed):
            close(condition, by=person)
    else:
        with pytest.raises(PermissionDenied):
            close(condition, by=person)
    assert ConditionClosure.objects.count() == (role == Role.PROGRAMME_OFFICE)


def test_the_database_holds_a_decision_to_its_shape():
    assessment = decide(ready())
    decision = Decision.objects.get()
    row = decision.pathways.first()
    values = {"decision": decision, "pathway": "new", "reasons": "Because"}
    for faulty in (
        {"outcome": "ACCEPT", "functions": ""},
        {"outcome": "NOT_YET", "functions": "All"},
        {"outcome": "NOT_YET", "reasons": ""},
        {"outcome": "NOT_YET", "pathway": row.pathway},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PathwayDecision.objects.create(**values | faulty)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            assessment=assessment,
            seal=assessment.seal,
            text="{}",
            digest="0" * 64,
            decided_on=AT.date(),
            decided_at=AT,
            decided_by=factories.create_user(),
        )


# Pages


def page(assessment):
    return reverse("assessments:decision", args=[assessment.public_id])


def test_the_decisions_page_shows_outcome_functions_reasons_conditions_and_hashes(client):
    assessment = decide(ready())
    client.force_login(factories.holder(Role.OBSERVER, assessment.place))

    text = client.get(page(assessment)).text

    decision = Decision.objects.get()
    for shown in (
        "accepted with conditions",
        "Community services",
        "The evidence is there",
        "Condition 1",
        decision.digest,
        assessment.seal.digest,
        assessment.seal.snapshot.digest,
    ):
        assert shown in text
    assert "Close this condition" not in text


def test_the_programme_office_closes_a_condition_on_the_page(client):
    assessment = decide(ready())
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, assessment.place))
    condition = Condition.objects.first()
    prefix = f"condition-{condition.public_id}"

    empty = client.post(page(assessment), {"condition": str(condition.public_id), f"{prefix}-words": ""})
    done = client.post(
        page(assessment), {"condition": str(condition.public_id), f"{prefix}-words": "Seen"}, follow=True
    )

    assert "Say how the condition is met" in empty.text
    assert "The condition is closed." in done.text
    assert "“Seen”" in done.text


@pytest.mark.parametrize("conditions", [1, 3])
def test_the_decisions_page_takes_the_same_queries_for_few_conditions_and_many(
    client, conditions, django_assert_num_queries
):
    assessment = ready()
    factories.move(assessment, Move.DECIDE, **factories.create_decision_said(assessment, conditions=conditions))
    client.force_login(factories.holder(Role.CHAIR, assessment.place))

    # session, user, assessment, capacity, decision, conditions
    with django_assert_num_queries(6):
        client.get(page(assessment))
