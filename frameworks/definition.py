"""
A framework version as data: the one door through which definitions come in.

The written format is YAML for people; its canonical JSON text is what is stored and hashed. Both hold the same
mapping, which `parse` turns into a checked, immutable `Definition`.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache

from frameworks.parsing import read_definition
from frameworks.reading import DefinitionError, Problem
from frameworks.scale import STRENGTHS, Level, Scale
from frameworks.tree import (
    Changes,
    Definition,
    Gate,
    GoldenCase,
    Group,
    Node,
    Origin,
    Pathway,
    Statement,
    Target,
)

__all__ = [
    "STRENGTHS",
    "Changes",
    "Definition",
    "DefinitionError",
    "Gate",
    "GoldenCase",
    "Group",
    "Level",
    "Node",
    "Origin",
    "Pathway",
    "Problem",
    "Scale",
    "Statement",
    "Target",
    "canonical_text",
    "digest",
    "load",
    "parse",
]


def parse(data: object) -> Definition:
    """
    Check a definition and build it.

    :raises DefinitionError: naming every problem at once, each with where it is and how to mend it
    """
    problems: list[Problem] = []
    definition = read_definition(data, problems)
    if problems and not isinstance(data, Mapping):
        # Something else entirely lacks no single field.
        raise DefinitionError(problems[:1])
    if problems:
        # A rule that is declared once and used by many nodes is read for each of them.
        raise DefinitionError(list(dict.fromkeys(problems)))
    return definition


@lru_cache(maxsize=32)
def load(text: str) -> Definition:
    """
    Build the definition from its canonical JSON text.

    Definitions are immutable, so that one object per text serves every request of a process.

    :raises DefinitionError: if the text is not sound
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        problem = Problem("the definition", f"This is not JSON: {error}.", "Generate it again from the readable file.")
        raise DefinitionError([problem]) from error
    return parse(data)


def canonical_text(data: object) -> str:
    """
    Write a definition as JSON that is the same for the same content, whatever file it came from.

    Names are sorted, also where YAML read them as numbers; there is no white space; all characters stay as they are.

    :raises ValueError: if the data hold what the format does not allow, such as a fraction read as a float or a date
    """
    return json.dumps(_canonical(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, dict):
        return {str(name): _canonical(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_canonical(inner) for inner in value]
    if value is None or isinstance(value, (str, int)):
        return value
    raise ValueError(f"{value!r} has no exact form in a definition: write it as text, in quotes")
