"""A whole round on any framework: from its file to the sealed report, by services as people would go through it."""

import json

from assessments.models import Judgement
from assessments.selectors import load_case
from assessments.services import agreeing, items, scoring
from assessments.services.checklists import write_account
from assessments.workflow import Move, State
from frameworks import services as frameworks
from frameworks.definition import load
from frameworks.loading import examine
from frameworks.models import Node
from partnership.roles import Role
from tests import factories
from tests.factories import AT


def published(data):
    """Return the published version of a framework given as its file would hold it, or as the file's own text."""
    text = data if isinstance(data, (str, bytes)) else json.dumps(data, ensure_ascii=False)
    examined = examine(text if isinstance(text, bytes) else text.encode())
    assert examined.is_sound, [str(each) for each in examined.findings]
    version, _ = frameworks.load_version(examined=examined, by=None, at=AT)
    frameworks.publish_version(version=version, by=None, at=AT)
    return version


def opened(version, *, place=None):
    """Return a place's assessment in a round of its own on the version."""
    return factories.create_assessment(place=place, framework_version=version)


def written(assessment):
    """Write one item for each criterion that the place writes itself, and say something of the first statements."""
    lead = factories.holder(Role.LEAD, assessment.place)
    for node in Node.objects.filter(version=assessment.framework_version, is_criterion=True).order_by("position"):
        if not load(assessment.framework_version.definition).node(node.code).is_checklist:
            items.add_item(
                assessment=assessment, criterion=node, statement=f"What we do for {node.code}.", by=lead, at=AT
            )
    asked = assessment.items.exclude(statement_code="").order_by("pk")[:3]
    for item in asked:
        write_account(item=item, account=f"We do {item.statement_code}.", based_on=item.version, by=lead, at=AT)
    for item in assessment.items.order_by("pk")[:4]:
        factories.create_artefact(assessment.place, item=item, strength=2)
    return assessment


def answer_at_best(item, definition):
    """Return the rank that is best to have for an item."""
    node = definition.node(item.criterion.code)
    adverse = bool(item.statement_code) and node.statement(item.statement_code).adverse
    return node.scale_of(item.statement_code).best(adverse=adverse)


def scored(assessment, *, members=3, answer=answer_at_best):
    """Open scoring, and let members give the same answer to every item; `answer` may return None to leave one out."""
    assessment = factories.move(assessment, Move.OPEN_SCORING)
    definition = load(assessment.framework_version.definition)
    for member in factories.board(assessment.place, members):
        entries = [
            scoring.Entry(item, Judgement.LEVEL, based_on=0, level=level)
            for item in assessment.items.select_related("criterion").order_by("pk")
            if (level := answer(item, definition)) is not None
        ]
        outcomes = scoring.record_scores(assessment=assessment, entries=entries, by=member, at=AT)
        assert not [outcome.refusal for outcome in outcomes if outcome.refusal]
    return assessment


def agreed(assessment, *, not_applicable=()):
    """Close scoring, settle the items of some criteria as not applicable, and accept all that nobody disputes."""
    assessment = factories.move(assessment, Move.CLOSE_SCORING)
    for item in assessment.items.filter(criterion__code__in=not_applicable):
        factories.create_agreement(item, judgement=Judgement.NOT_APPLICABLE, level=None, reason="We have none.")
    agreeing.agree_undisputed(assessment=assessment, by=factories.holder(Role.CHAIR, assessment.place), at=AT)
    return assessment


def put_up(assessment):
    """Put the assessment up for signature; nothing may be missing."""
    return factories.move(assessment, Move.PUT_UP, accepted_gaps=frozenset())


def signed(assessment):
    """Put the assessment up if it is not, sign it for one organisation and seal it; nothing may be missing."""
    if assessment.state == State.AGREEING:
        assessment = put_up(assessment)
    factories.create_signature(assessment, by=factories.create_signatory(assessment.place))
    assessment = factories.move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/1")
    assert assessment.state == State.SIGNED
    return assessment


def sealed(assessment):
    """Sign the assessment, seal it and submit it; nothing may be missing."""
    return factories.move(signed(assessment), Move.SUBMIT)


def case_of(assessment):
    return load_case(assessment=assessment, on=AT.date())
