"""The page on which organisations sign, and the sign-off page."""

import html
import json
import re
from datetime import date

import pytest
from django.urls import reverse

from assessments.models import Signature
from assessments.services.signing import current_snapshot
from assessments.workflow import ACTS, Act, Move, State
from partnership.roles import AT_PLACE, Role
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks")]


def sign_page(assessment):
    return reverse("assessments:sign", args=[assessment.public_id])


def signoff_page(assessment):
    return reverse("assessments:signoff", args=[assessment.public_id])


def up():
    """Return an assessment up for signature and the signatory of the one organisation that must sign."""
    place = factories.create_place()
    organisation = factories.create_organisation(place=place)
    assessment = factories.create_assessment(place=place, state=State.SIGNING, signatories={place: [organisation]})
    return assessment, factories.create_signatory(place, organisation)


def post(client, assessment, **data):
    form = client.get(sign_page(assessment)).context["form"]
    return client.post(sign_page(assessment), hidden(form) | data)


def hidden(form):
    """Return what a page sends along with a signatory's answer."""
    return {name: str(form[name].value()) for name in ("digest", "token", "based_on")}


def test_the_page_shows_in_full_what_is_signed_with_its_hash(client):
    assessment, signatory = up()
    client.force_login(signatory)

    text = client.get(sign_page(assessment)).text

    digest = current_snapshot(assessment).digest
    assert digest in text
    assert f'<code class="signing-hash">{digest[:12]}</code>' in text
    assert assessment.items.get().statement in text
    assert "Evolving" in text
    assert f"{signatory.memberships.get().organisation.name} must sign and has not yet." in text


@pytest.mark.parametrize(
    "kind, field, words",
    [
        ("SIGNED", None, ""),
        ("RESERVED", "reservation", "Subject to our governors"),
        ("DECLINED", "refusal", "We were not heard"),
        ("INTEREST", "interest", "We run the service"),
    ],
)
def test_a_signatory_answers_in_each_way(client, kind, field, words):
    assessment, signatory = up()
    client.force_login(signatory)

    response = post(client, assessment, kind=kind, **({field: words} if field else {}))

    assert response.status_code == 302
    signature = Signature.objects.get()
    assert (signature.kind, signature.words) == (kind, words)
    text = client.get(sign_page(assessment)).text
    assert words in text
    assert "Your organisation has answered." in text


def spoken(value, key=""):
    """Yield every text of a frozen document that somebody may read, and so none of its identifiers, codes and marks."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in UNSPOKEN:
                yield from spoken(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from spoken(each, key)
    elif isinstance(value, str) and len(value) > 3 and not IDENTIFIER.fullmatch(value):
        yield value


IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Identifiers, codes, days (which the page writes out), and the steps by which sentences were made.
UNSPOKEN = {"id", "lineage", "trace", "criterion", "judgement", "status", "as_at", "previous", "statements", "verdict"}
UNSPOKEN |= {"opens_on", "scoring_closes_on", "signing_closes_on", "dated_on", "review_by", "due_on", "cited", "demand"}
UNSPOKEN |= {"starts_on", "ends_on", "form"}
UNSPOKEN |= {"kind", "ready_text", "threshold", "value", "node", "code", "lower_median"}


def test_every_part_of_the_document_is_on_the_page_before_the_button(client, settings):
    settings.SNAPSHOT_SECTIONS = {"improvement": "improvement.sections.section"}
    place = factories.create_place()
    assessment = factories.create_assessment(place=place)
    item = factories.create_item(assessment, statement="We hold one plan")
    factories.create_artefact(place, item=item, locator="page 4", note="Kept by the office")
    factories.create_action(assessment, title="Write the charter down", owner_name="Director of plans")
    factories.create_body(place, "Delivery group", starts_on=date(2024, 4, 2))
    factories.create_partnership_agreement(place, starts_on=date(2021, 3, 9), review_by=date(2027, 5, 6))
    factories.put_up(assessment)
    signatory = factories.create_signatory(place)
    client.force_login(signatory)

    before, button, _ = client.get(sign_page(assessment)).text.partition("Give the organisation")

    assert button
    text = html.unescape(before)
    frozen = json.loads(current_snapshot(assessment).text)
    missing = [said for said in spoken(frozen) if said.lower() not in text.lower()]
    assert missing == []
    for said in ("form: not stated; since 2 April 2024", "from 9 March 2021; to be reviewed by 6 May 2027"):
        assert said in text
    # All of it is unfolded, but for what explains the hash.
    assert text.count('<details class="nhsuk-details">') == 1


def test_words_are_asked_for_and_the_choice_is_kept(client):
    assessment, signatory = up()
    client.force_login(signatory)

    response = post(client, assessment, kind="RESERVED", reservation=" ")

    assert "Say what the reservation is" in response.text
    assert 'value="RESERVED" checked' in response.text
    assert not Signature.objects.exists()


def test_an_empty_form_asks_how_to_answer(client):
    assessment, signatory = up()
    client.force_login(signatory)

    assert "Choose how to answer" in post(client, assessment).text


def test_content_that_changed_meanwhile_is_not_signed_and_the_words_are_kept(client):
    assessment, signatory = up()
    client.force_login(signatory)
    form = client.get(sign_page(assessment)).context["form"]
    seen = hidden(form)
    factories.move(assessment, Move.TAKE_BACK, reason="A figure was wrong")
    factories.create_agreement(assessment.items.get(), level=3, reason="The board heard more", based_on=1)
    factories.move(assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)

    response = client.post(sign_page(assessment), seen | {"kind": "RESERVED", "reservation": "Subject to governors"})

    assert response.status_code == 409
    assert ">\nSubject to governors<" in response.text.replace("\r", "")
    assert "Read it again before you sign." in response.text
    assert "Subject to governors" in response.text
    assert not Signature.objects.exists()
    # The page that came back shows the new content, so sending it again signs that.
    again = response.context["form"]["digest"].value()
    assert again == current_snapshot(assessment).digest
    client.post(sign_page(assessment), seen | {"kind": "SIGNED", "digest": again})
    assert Signature.objects.get().digest == again


def test_a_signature_that_comes_after_taking_back_is_refused_with_its_words(client):
    assessment, signatory = up()
    client.force_login(signatory)
    form = client.get(sign_page(assessment)).context["form"]
    data = hidden(form)
    factories.move(assessment, Move.TAKE_BACK, reason="A figure was wrong")

    response = client.post(sign_page(assessment), data | {"kind": "RESERVED", "reservation": "Subject to governors"})

    assert response.status_code == 409
    assert "Subject to governors" in response.text
    assert not Signature.objects.exists()


def test_the_same_form_sent_twice_signs_once(client):
    assessment, signatory = up()
    client.force_login(signatory)
    form = client.get(sign_page(assessment)).context["form"]
    data = hidden(form) | {"kind": "SIGNED"}

    assert [client.post(sign_page(assessment), data).status_code for _ in range(2)] == [302, 302]
    assert Signature.objects.count() == 1


def test_a_colleague_who_comes_second_is_told(client):
    assessment, signatory = up()
    deputy = factories.create_signatory(assessment.place, assessment.required_signatures.get().organisation)
    client.force_login(deputy)
    form = client.get(sign_page(assessment)).context["form"]
    factories.create_signature(assessment, by=signatory)

    response = client.post(
        sign_page(assessment),
        hidden(form) | {"kind": "DECLINED", "refusal": "No"},
    )

    assert response.status_code == 409
    assert "has answered already" in response.text


@pytest.mark.parametrize("state", [State.SIGNING, State.SIGNED, State.SUBMITTED])
def test_the_icb_reads_the_sign_off_once_it_is_submitted_and_never_before(client, state, subtests):
    assessment = factories.create_assessment(state=state)
    for role in [*Role, None]:
        client.force_login(factories.holder(role, assessment.place) if role else factories.create_user())

        signoff = client.get(signoff_page(assessment)).status_code
        sign = client.get(sign_page(assessment)).status_code

        may_read = role in ACTS[Act.READ].roles or (role in Role and state == State.SUBMITTED)
        with subtests.test(role=role):
            assert signoff == (404 if role is None else 200 if may_read else 403)
            assert sign == (404 if role is None else 403 if not may_read else 200 if state == State.SIGNING else 302)


@pytest.mark.parametrize("role", sorted(AT_PLACE - {Role.SIGNATORY}))
def test_others_cannot_post_a_signature(client, role):
    assessment, _ = up()
    client.force_login(factories.holder(role, assessment.place))

    assert client.post(sign_page(assessment), {"kind": "SIGNED"}).status_code == 403


def test_the_sign_off_shows_words_hashes_meeting_and_who_is_missing(client):
    assessment, signatory = up()
    silent = factories.create_signatory(assessment.place)
    factories.create_signature(assessment, by=signatory, kind="RESERVED", words="Subject to our governors")
    factories.move(assessment, Move.SEAL, meeting_on=factories.AT.date(), minute_reference="PB/26/7")
    factories.move(assessment, Move.SUBMIT)
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, assessment.place))

    text = client.get(signoff_page(assessment)).text

    assert "Subject to our governors" in text
    assert assessment.seal.digest in text
    assert assessment.seal.snapshot.digest in text
    assert "1 October 2026, minute PB/26/7" in text
    assert silent.memberships.get().organisation.name in text.split("Signatures")[1]
    assert not [member.name for member in factories.board(assessment.place, 3) if member.name in text]


def test_before_signing_the_page_says_what_will_come(client):
    assessment = factories.create_assessment(state=State.AGREEING)
    client.force_login(factories.create_signatory(assessment.place))

    assert "Nothing to sign now" in client.get(sign_page(assessment)).text
    assert "Not signed yet" in client.get(signoff_page(assessment)).text


@pytest.mark.parametrize("signatories", [1, 6])
def test_signing_pages_num_queries(client, signatories, django_assert_num_queries):
    place = factories.create_place()
    assessment = factories.create_assessment(place=place, state=State.SIGNING)
    for _ in range(signatories):
        user = factories.create_signatory(place)
        factories.create_signature(assessment, by=user)
    client.force_login(user)

    # session, user, assessment, capacity, snapshot, signatures; quorum: required, given's snapshot, signatories, given;
    # earlier snapshots
    with django_assert_num_queries(11):
        client.get(sign_page(assessment))
    factories.move(assessment, Move.SEAL, meeting_on=factories.AT.date(), minute_reference="PB/26/7")
    # session, user, assessment, capacity, seal with its snapshot
    with django_assert_num_queries(5):
        client.get(signoff_page(assessment))
