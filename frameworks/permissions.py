"""Who may open which of this room's addresses."""

from partnership.permissions import SIGNED_IN, Route

ROUTES = {
    # The view shows a version to those who see a round of it, and to administrators.
    "frameworks:difference": Route(read=SIGNED_IN),
}
