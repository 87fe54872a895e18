"""
Plain functions that make what a test needs, by calling services: no test starts from a state the product cannot reach.

Everything has a default; a test names only what matters to it.
"""

from .evidence import create_artefact, create_item
from .governance import create_body, create_partnership_agreement
from .improvement import create_action, create_help, create_pathway_date, create_targets
from .moving import move
from .people import (
    board,
    create_invitation,
    create_membership,
    create_organisation,
    create_people,
    create_place,
    create_signatory,
    create_system,
    create_user,
    holder,
    link_token,
)
from .reviewing import REPLY_BY, create_decision_said, create_finding, create_question, create_reply
from .rounds import create_framework_version, create_round
from .scoring import create_agreement, create_dissent, create_score, create_workshop
from .signing import create_delegation, create_signature, create_stand_ins
from .states import (
    EMPTY_CRITERIA,
    WAYS,
    asked,
    create_assessment,
    decided,
    decided_after_review,
    in_agreeing,
    in_review,
    in_scoring,
    put_up,
    reopened,
    reviewed,
    reviewed_after_submission,
    sign_again,
    signed,
    submitted,
    withdrawn,
)
from .usual import AT, LONG_AGO, PASSWORD, numbers, written_otherwise
