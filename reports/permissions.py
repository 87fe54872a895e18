"""Who may open which of this room's addresses."""

from assessments.workflow import ACTS, Act
from partnership.permissions import PROGRAMME_OFFICE, PUBLIC, SIGNED_IN, TOKEN, Route
from partnership.roles import OF_SYSTEM, Role
from reports.api.resources import RESOURCES

EVERYBODY = frozenset(Role)
PLANNERS = ACTS[Act.PLAN].roles
# A lead does where they stand in for the chair.
REPORTERS = ACTS[Act.REPORT_AGAIN].roles | {Role.LEAD}

ROUTES = {
    "reports:home": Route(read=SIGNED_IN),
    "reports:place": Route(read=EVERYBODY),
    "reports:governance": Route(read=EVERYBODY),
    # For those who watch a system, and for administrators: counts alone.
    "reports:national": Route(read=SIGNED_IN),
    "reports:national_chart": Route(read=SIGNED_IN),
    # People of a place see there what their own place submitted, and what rounds share among places.
    "reports:system": Route(read=EVERYBODY),
    "reports:system_criterion": Route(read=EVERYBODY),
    "reports:system_rounds": Route(read=EVERYBODY),
    "reports:system_chart": Route(read=EVERYBODY),
    "reports:whole": Route(read=EVERYBODY),
    "reports:level": Route(read=EVERYBODY),
    "reports:chart": Route(read=EVERYBODY),
    "reports:targets": Route(read=EVERYBODY, post=PLANNERS),
    "reports:pathway": Route(read=EVERYBODY, post=PLANNERS),
    "reports:report": Route(read=EVERYBODY),
    # What is sent to these has made again what the worker gave up.
    "reports:report_pdf": Route(read=EVERYBODY, post=REPORTERS),
    "reports:summary_pdf": Route(read=EVERYBODY, post=REPORTERS),
    "reports:decision_pdf": Route(read=EVERYBODY, post=ACTS[Act.PRINT_AGAIN].roles),
    "reports:round_reports": Route(read=OF_SYSTEM, post=PROGRAMME_OFFICE),
    "reports:round_report_file": Route(read=OF_SYSTEM),
    "reports:data": Route(read=EVERYBODY),
    "reports:data_file": Route(read=EVERYBODY),
    "reports:round_data": Route(read=OF_SYSTEM),
    "reports:round_data_file": Route(read=OF_SYSTEM),
    # It says what a file holds, and nothing of any place.
    "reports:data_schema": Route(read=PUBLIC),
    # An administrator may use these, too, for every system.
    "reports:tokens": Route(read=PROGRAMME_OFFICE, post=PROGRAMME_OFFICE),
    "reports:token_revoke": Route(read=None, post=PROGRAMME_OFFICE),
    "reports:api_index": Route(read=TOKEN),
    # It says what there is, and nothing of any place.
    "reports:api_description": Route(read=PUBLIC),
    **{f"reports:api_{name}": Route(read=TOKEN) for name in RESOURCES},
    "reports:api_unknown": Route(read=TOKEN),
    # Listed there is what other places of one's own system share.
    "reports:shared": Route(read=SIGNED_IN),
    # Of a round that publishes summaries, once it is submitted.
    "reports:summary": Route(read=PUBLIC),
    "reports:verify": Route(read=SIGNED_IN, post=SIGNED_IN),
}
