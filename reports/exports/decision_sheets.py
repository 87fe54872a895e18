"""The tables of what the ICB decided, and of the actions that are under way since."""

from assessments import models as kept
from improvement.models import Action, ActionChange
from reports.exports.row_sheet import RowSheet, person

DECISION_SHEETS = (
    RowSheet(
        "decisions",
        "The ICB's decision, sealed",
        kept.Decision,
        "assessment",
        (
            ("decision", "public_id", "Its identifier"),
            ("seal", "seal__public_id", "The sign-off that it answers"),
            ("decided_on", "decided_on", "The day of the decision"),
            ("decided_at", "decided_at", "When it was recorded"),
            person("decided_by", "decided_by", "By whom"),
            ("digest", "digest", "The SHA-256 of the sealed decision"),
        ),
    ),
    RowSheet(
        "pathway_decisions",
        "What was decided for a pathway",
        kept.PathwayDecision,
        "decision__assessment",
        (
            ("decision", "decision__public_id", "The decision's identifier"),
            ("pathway", "pathway", "The pathway's code"),
            ("outcome", "outcome", "What was decided"),
            ("functions", "functions", "The functions delegated, one a line"),
            ("reasons", "reasons", "Why"),
        ),
    ),
    RowSheet(
        "conditions",
        "What has to be done for an acceptance to hold",
        kept.Condition,
        "decided__decision__assessment",
        (
            ("condition", "public_id", "Its identifier"),
            ("pathway", "decided__pathway", "The pathway's code"),
            ("number", "number", "Its number within the pathway"),
            ("gate", "gate", "The gate's code"),
            ("text", "text", "What has to be done"),
            ("owner", "owner__name", "By which organisation"),
            ("due_on", "due_on", "By when"),
            ("closing_words", "closure__words", "How it was met; empty while it is open"),
            ("closed_at", "closure__closed_at", "When the ICB closed it"),
            person("closed_by", "closure__closed_by", "Who closed it"),
        ),
    ),
    RowSheet(
        "actions_now",
        "An action as it stands today",
        Action,
        "assessment",
        (
            ("action", "public_id", "Its identifier"),
            ("title", "title", "What is to be done"),
            ("owner", "owner__name", "The organisation that undertakes it"),
            ("owner_name", "owner_name", "The person or post responsible"),
            ("due_on", "due_on", "By when"),
            ("criterion", "criterion__code", "The criterion that it is for"),
            ("pathway", "pathway", "Or the pathway"),
            ("gate", "gate", "and the gate that it is for"),
            ("expected_level", "expected_level", "The rank that it is to reach"),
            ("status", "status", "What became of it"),
            ("condition", "condition__public_id", "The condition of the decision that it answers"),
        ),
    ),
    RowSheet(
        "action_changes",
        "A step of an action",
        ActionChange,
        "action__assessment",
        (
            ("action", "action__public_id", "The action's identifier"),
            ("status", "status", "Its status since"),
            ("due_on", "due_on", "Its day since"),
            ("note", "note", "What was noted"),
            ("changed_at", "changed_at", "When"),
            person("changed_by", "changed_by", "Who changed it"),
        ),
    ),
)
