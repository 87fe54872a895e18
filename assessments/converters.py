"""How what this room names is written in addresses."""

from assessments.workflow import MOVES, Move


class MoveConverter:
    """A move in an address: `put-up` for PUT_UP. One that follows from another act has none."""

    regex = "[a-z]+(?:-[a-z]+)*"

    def to_python(self, value):
        move = Move(value.upper().replace("-", "_"))
        if MOVES[move].follows:
            raise ValueError(move)
        return move

    def to_url(self, value):
        return Move(value).value.lower().replace("_", "-")
