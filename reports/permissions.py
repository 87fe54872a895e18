"""Who may open which of this room's addresses."""

from partnership.permissions import SIGNED_IN, Route

ROUTES = {
    "reports:home": Route(read=SIGNED_IN),
}
