"""Measure one row once, in this process: `python -m tests.bench.once FUNCTION ARGUMENT` prints a line of JSON."""

import json
import sys
from importlib import import_module

from tests.bench.sections import peak


def main(function: str, argument: str) -> None:
    module, _, name = function.rpartition(".")
    answer = getattr(import_module(module), name)(argument)
    # A row about another process tells that process's memory.
    seconds, used = answer if isinstance(answer, tuple) else (answer, peak())
    sys.stdout.write(json.dumps({"seconds": seconds, "peak": used}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
