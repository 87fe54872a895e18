"""Who may open which of this room's addresses."""

from partnership.permissions import SIGNED_IN, Route
from partnership.roles import OF_SYSTEM, Role

EVERYBODY = frozenset(Role)

ROUTES = {
    "reports:home": Route(read=SIGNED_IN),
    "reports:place": Route(read=EVERYBODY),
    "reports:governance": Route(read=EVERYBODY),
    "reports:system": Route(read=OF_SYSTEM),
    "reports:whole": Route(read=EVERYBODY),
    "reports:level": Route(read=EVERYBODY),
    "reports:chart": Route(read=EVERYBODY),
    "reports:report": Route(read=EVERYBODY),
    "reports:report_pdf": Route(read=EVERYBODY),
    "reports:verify": Route(read=SIGNED_IN, post=SIGNED_IN),
}
