"""Rows that many tests of a module start from, made once for all of them."""

from contextlib import contextmanager
from copy import deepcopy
from inspect import Parameter, Signature, signature

import pytest
from django.db import transaction


def kept(make):
    """
    Turn a function that makes rows into a fixture, as `pytest.fixture` does, but make them once for the module.

    The rows stand in a transaction around the module's tests, each of which undoes what it does to them; it gets a
    copy of its own of what `make` returned. Parameters are kept fixtures of the same module, or fixtures of a wider
    scope. Not for modules with `transaction=True`, whose flush takes the rows away.
    """
    module, name = make.__globals__, make.__name__
    given = {each: f"_kept_{each}" if f"_kept_{each}" in module else each for each in signature(make).parameters}

    def once(kept_rows, **values):
        return make(**{each: values[fixture] for each, fixture in given.items()})

    def copy(**values):
        return deepcopy(*values.values())

    once.__signature__ = _signature("kept_rows", *given.values())
    copy.__signature__ = _signature(f"_kept_{name}")
    module[f"_kept_{name}"] = pytest.fixture(once, scope="module", name=f"_kept_{name}")
    return pytest.fixture(copy, name=name)


def _signature(*names):
    return Signature([Parameter(name, Parameter.KEYWORD_ONLY) for name in names])


@contextmanager
def undone():
    """Undo in the database what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
