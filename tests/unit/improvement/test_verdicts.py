"""What planned actions make of a verdict."""

import pytest

from improvement.verdicts import verdict_with


def gate(code, status, *, foundational=False):
    words = {"name": "", "kind": "complete", "value": "", "threshold": "", "sentence": "", "node": None, "remedy": ""}
    return {"code": code, "status": status, "foundational": foundational} | words


@pytest.mark.parametrize(
    "gates, remedied, verdict",
    [
        ([gate("G1", "pass", foundational=True)], set(), "READY"),
        ([gate("G1", "pass"), gate("G2", "fail")], set(), "NOT_READY"),
        ([gate("G1", "pass"), gate("G2", "fail")], {"G2"}, "READY_WITH_CONDITIONS"),
        ([gate("G1", "fail"), gate("G2", "cannot_tell")], {"G1"}, "NOT_READY"),
        ([gate("G1", "fail", foundational=True)], {"G1"}, "NOT_READY"),
    ],
)
def test_an_action_stands_in_for_a_gate_only_where_that_is_not_foundational(gates, remedied, verdict):
    assert verdict_with({"gates": gates}, remedied=remedied) == verdict
