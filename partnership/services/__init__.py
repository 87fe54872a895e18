"""The writes of this room: who is where, for whom, and how they come in."""
