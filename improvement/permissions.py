"""Who may open which of this room's addresses."""

ROUTES = {}
