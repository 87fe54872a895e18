"""Who may open which of this room's addresses."""

from partnership.permissions import ADMINISTRATOR, SIGNED_IN, Route

ROUTES = {
    "frameworks:library": Route(read=ADMINISTRATOR),
    "frameworks:load": Route(read=ADMINISTRATOR, post=ADMINISTRATOR),
    # Whoever likes may write a framework; an administrator loads it.
    "frameworks:guide": Route(read=SIGNED_IN),
    "frameworks:starter": Route(read=SIGNED_IN),
    "frameworks:version": Route(read=ADMINISTRATOR),
    "frameworks:publish": Route(read=None, post=ADMINISTRATOR),
    "frameworks:download": Route(read=ADMINISTRATOR),
    # The view shows a version to those who see a round of it, and to administrators.
    "frameworks:difference": Route(read=SIGNED_IN),
}
