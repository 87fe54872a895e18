"""The writes of this room: actions, and what places offer each other."""
