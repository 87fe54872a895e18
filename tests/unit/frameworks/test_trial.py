"""A trial fits an address, survives a change of the file, and becomes a golden case that comes out as it says."""

import base64
import json
import random
import zlib
from pathlib import Path

import pytest

from frameworks import golden, trial
from frameworks.definition import parse
from frameworks.items import ItemInput
from frameworks.loading import examine
from frameworks.trace import Standing
from frameworks.trial import Trial
from frameworks.writing_yaml import write_golden
from tests.unit.frameworks.definitions import garden
from tests.unit.frameworks.made_up import made_up

ROOT = Path(__file__).resolve().parents[3]
LIBRARY = sorted((ROOT / "frameworks" / "library").glob("*.yaml"))
SMALL = ROOT / "docs" / "small-framework.yaml"
REASON = "given in the golden case"


def tried(definition, *, seed=1):
    """Return a trial with something made up for nearly every criterion; some of it does not apply."""
    made = random.Random(seed)
    items = {}
    for node in definition.criteria:
        scales = {each.code: each.answers for each in node.statements} or {"": node.answers}
        items[node.code] = tuple(_made_up(made, node.code, code, scale) for code, scale in scales.items())
    return Trial(definition, items, 1, 2)


def _made_up(made, criterion, statement, scale):
    key = f"{criterion}.{statement or 1}"
    if made.random() < 0.1:
        return ItemInput(key, not_applicable=True, reason=REASON, statement=statement)
    return ItemInput(key, made.choice(scale.ranks), strength=made.randrange(5), statement=statement)


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_a_trial_of_every_criterion_fits_an_address_and_comes_back(path):
    before = tried(examine(path.read_bytes()).definition)

    after = trial.read(before.definition, trial.write(before))

    assert after == before


@pytest.mark.parametrize("path", [SMALL, *LIBRARY], ids=lambda path: path.stem)
def test_a_trial_that_is_pasted_into_the_file_is_a_golden_case_that_holds(path):
    text = path.read_text()
    definition = examine(text.encode()).definition
    case = write_golden(trial.golden_case(tried(definition)))

    pasted = examine(f"{text.rstrip()}\n{case}".encode())

    assert [str(finding) for finding in (*pasted.findings, *pasted.failures)] == []
    assert len(pasted.definition.golden) == len(definition.golden) + 1
    assert pasted.definition.golden[-1].name == trial.NAME


@pytest.mark.parametrize("seed", range(40))
def test_a_trial_of_any_framework_becomes_a_golden_case_that_holds(seed):
    data, _ = made_up(seed)
    case = trial.golden_case(tried(parse(data), seed=seed))

    assert golden.run(parse(data | {"golden": [case]})) == []


def test_a_golden_case_is_opened_with_what_it_expects_beside_what_comes_out():
    definition = parse(garden())
    case = definition.golden[0]

    opened = trial.from_case(definition, case)
    compared = list(golden.compare(definition, case, opened.facts))
    without = opened.with_items("SO1", ())
    after = list(golden.compare(definition, case, without.facts))

    assert compared
    assert all(each.holds for each in compared)
    assert {each.where for each in after if not each.holds} >= {"claimed SO1"}


def test_what_the_file_has_no_more_is_left_out_and_named():
    definition = parse(garden())
    address = trial.write(Trial(definition, {"SO1": (ItemInput("SO1.1", 3),), "PE1": (ItemInput("PE1.1", 2),)}))
    changed = garden(pathways=[], golden=[])
    changed["nodes"][0]["nodes"][0]["code"] = "SO9"

    after = trial.read(parse(changed), address)

    assert set(after.items) == {"PE1"}
    assert ["SO1" in problem.where for problem in after.lost] == [True]


def packed(data):
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode())).decode()


@pytest.mark.parametrize(
    "address",
    [
        "x",
        "é",
        "A" * 50,
        packed({"items": {}})[:-6],
        base64.urlsafe_b64encode(zlib.compress(b"[" * 100_000)).decode(),
        base64.urlsafe_b64encode(zlib.compress(b" " * 50_000_000)).decode(),
    ],
)
def test_an_address_that_holds_no_trial_is_told_from_one(address):
    with pytest.raises(trial.Unreadable):
        trial.read(parse(garden()), address)


@pytest.mark.parametrize(
    "data", [[], 1, None, {"items": []}, {"items": {"SO1": "x"}}, {"items": {"SO1": [{"level": [1]}]}}, {"x": 1}]
)
def test_an_address_that_holds_something_else_is_an_empty_trial(data):
    read = trial.read(parse(garden()), packed(data))

    assert all(item.level is None for items in read.items.values() for item in items)


def test_nothing_tried_is_an_empty_address():
    definition = parse(garden())

    assert trial.write(Trial(definition)) == ""
    assert trial.read(definition, "") == Trial(definition)


def test_a_trial_beyond_any_address_is_refused():
    definition = parse(garden())
    made = random.Random(7)
    many = tuple(ItemInput(f"SO1.{n}", made.randint(1, 4), strength=made.randrange(5)) for n in range(1, 20_000))

    with pytest.raises(trial.TooLong):
        trial.write(Trial(definition, {"SO1": many}))


def test_what_would_lift_is_said_with_where_it_leads():
    definition = parse(garden())
    made = Trial(definition, {"SO1": (ItemInput("SO1.1", 3, strength=0),)})

    assert dict(made.lifts("SO1")) == {
        Standing.CLAIMED: "Raise item SO1.1 from Established to Thriving. That makes it Thriving.",
        Standing.SUPPORTED: (
            "Give item SO1.1 evidence in date of documented process in use or stronger. That makes it Established."
        ),
    }
