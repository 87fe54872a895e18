"""How what this room names is written in addresses."""

from assessments.workflow import Move


class MoveConverter:
    """A move in an address: `put-up` for PUT_UP."""

    regex = "[a-z]+(?:-[a-z]+)*"

    def to_python(self, value):
        return Move(value.upper().replace("-", "_"))

    def to_url(self, value):
        return Move(value).value.lower().replace("_", "-")
