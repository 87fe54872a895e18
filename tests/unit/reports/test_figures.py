"""What the charts show is what the document says."""

from dataclasses import replace
from fractions import Fraction

import pytest

from reports import evidence_figures, figures
from tests.unit.reports.documents import action, document, item, previous


def row(figure, code):
    return next(row for row in figure.rows if row.code == code)


def test_every_row_has_the_documents_levels_evidence_and_scores():
    made = document()
    figure = figures.profile(made)

    assert [row.code for row in figure.rows] == [criterion["code"] for criterion in made["criteria"]]
    for shown, criterion in zip(figure.rows, made["criteria"], strict=True):
        assert shown.claimed.level == criterion["claimed"]["level"]
        assert shown.supported.level == criterion["supported"]["level"]
        assert {"in_date": shown.in_date, "applicable": shown.applicable} == criterion["coverage"]
        assert list(shown.counts) == criterion["counts"]
        assert list(shown.split) == criterion["split"]


def test_rows_are_grouped_by_domain_however_deep_they_lie():
    figure = figures.profile(document())

    assert [(group.name, [row.code for row in group.rows]) for group in figure.groups] == [
        ("Soil", ["SO1", "SO2", "SO3"]),
        ("People", ["PE1", "PE2a", "PE2b", "PE3"]),
    ]


def test_what_has_no_level_says_why():
    figure = figures.profile(document())

    assert row(figure, "PE2a").claimed == figures.Mark(None, "Incomplete")
    assert row(figure, "SO3").claimed == figures.Mark(None, "Not applicable")
    assert not row(figure, "PE2a").is_short_of_evidence


def test_hidden_scores_are_not_shown_as_none_given():
    assert row(figures.profile(document(item("SO1", level=3))), "SO1").counts is None


@pytest.mark.parametrize(
    "items, message",
    [
        ([item("SO1")], "No criterion has an agreed level yet"),
        (
            [item("SO1", level=4, cites=["plan"]), item("SO2", level=2)],
            "In 1 of 2 criteria the evidence supports less than the board agreed; 5 of 7 are incomplete",
        ),
        (
            [item("SO1", level=2)],
            "The evidence supports what the board agreed in its only rated criterion; 6 of 7 are incomplete",
        ),
        (
            [item("SO1", level=4)],
            "In its only rated criterion the evidence supports less than the board agreed; 6 of 7 are incomplete",
        ),
        (
            [item("SO1", level=4), item("SO2", level=4)],
            "In both rated criteria the evidence supports less than the board agreed; 5 of 7 are incomplete",
        ),
    ],
)
def test_the_message_says_what_is_seen(items, message):
    assert figures.profile(document(*items)).message == message


def test_the_round_before_stands_beside_where_it_can_be_compared():
    figure = figures.profile(document(previous=previous(SO1=2, SO2=3)))

    assert figure.previous_round == "Spring"
    assert row(figure, "SO1").previous == figures.Mark(2, "Evolving")
    assert row(figure, "PE1").previous is None


def test_a_round_of_another_version_is_not_compared():
    figure = figures.profile(document(previous=previous(SO1=2) | {"comparable": False}))

    assert figure.previous_round == ""
    assert row(figure, "SO1").previous is None
    assert figures.movement(figure) is None


def test_a_criterion_that_changed_since_has_no_mark_and_no_movement_and_says_so():
    before = previous(SO1=2) | {"changed": {"SO2": "SO2 was reworded."}}

    figure = figures.profile(document(previous=before))

    assert row(figure, "SO2").previous is None
    assert row(figure, "SO2").changed == "SO2 was reworded."
    assert "changed since last time, not comparable" in row(figure, "SO2").sentence
    moved = figures.movement(figure)
    assert ([each.code for each in moved.up], moved.down, moved.same) == (["SO1"], (), 0)
    assert [each.code for each in moved.changed] == ["SO2"]


def test_what_moved_is_told_by_what_the_board_agreed():
    moved = figures.movement(figures.profile(document(previous=previous(SO1=2, SO2=3, PE1=3))))

    assert ([row.code for row in moved.up], [row.code for row in moved.down], moved.same) == (["SO1"], ["SO2"], 1)


def test_a_target_is_the_highest_level_that_an_open_action_expects():
    actions = [action("SO1", 3), action("SO1", 4), action("SO2", 3, "DONE"), action("PE1", None)]
    figure = figures.profile(document(actions=actions))

    assert row(figure, "SO1").target == figures.Mark(4, "Thriving")
    assert row(figure, "SO2").target is None
    assert row(figure, "PE1").target is None


def test_an_action_for_a_gate_is_a_target_of_the_gates_criterion():
    made = document(actions=[action("", 3) | {"pathway": "seed-fund", "gate": "G1"}])
    made["improvement"]["pathways"] = [{"code": "seed-fund", "gates": [{"code": "G1", "node": "SO1"}]}]

    assert row(figures.profile(made), "SO1").target.level == 3


def test_the_places_own_target_stands_before_what_an_action_expects():
    made = document(actions=[action("SO1", 4), action("SO2", 3)]) | {"aims": {"targets": {"levels": {"SO1": 2}}}}

    figure = figures.profile(made)

    assert (row(figure, "SO1").target.level, row(figure, "SO2").target.level) == (2, 3)


def projected(**levels):
    made = document()
    criteria = {
        each["code"]: {"supported": {"status": "level", "level": levels.get(each["code"], each["supported"]["level"])}}
        for each in made["criteria"]
    }
    then = {"expected": {}, "criteria": criteria, "actions": 2, "without_level": 1, "out_of_reach": ["PE2a"]}
    return made | {"improvement": made["improvement"] | {"projected": then}}


def test_what_actions_would_bring_is_marked_where_it_is_more_than_now():
    made = projected(SO2=3, PE1=1)
    figure = figures.profile(made)

    assert [row.code for row in figure.rows if row.projected] == ["SO2"]
    assert "once the actions are done Established" in row(figure, "SO2").sentence
    assert figures.outlook(made, figure).sentence == (
        "Once the 2 open actions are done, the evidence supports a higher level in 1 of 7 criteria. "
        "1 action names no level that could be worked out. What is expected of PE2a is out of reach by single items."
    )
    assert figures.outlook(document(), figures.profile(document())) is None


def test_a_row_reads_as_a_sentence():
    sentence = row(figures.profile(document(previous=previous(SO2=3))), "SO2").sentence

    assert sentence == (
        "Criterion SO2: agreed Evolving, but split, evidence supports Evolving, evidence for 0 of 1 item, "
        "last time Established, 1 item split"
    )


def test_coverage_tells_evidence_in_date_from_what_is_out_of_date_and_from_none():
    figure = evidence_figures.coverage(document())
    parts = {row.code: (row.in_date, row.old, row.bare, row.applicable) for row in figure.rows}

    assert parts["SO1"] == (1, 1, 0, 2)
    assert parts["SO2"] == (0, 0, 1, 1)
    assert parts["SO3"] == parts["PE3"] == (0, 0, 0, 0)
    assert (figure.total.in_date, figure.total.old, figure.total.bare) == (3, 1, 2)
    assert figure.message == "3 of 6 items have evidence in date (50%); 2 criteria have none at all"


def test_coverage_adds_up_to_the_documents_own():
    made = document()
    figure = evidence_figures.coverage(made)

    for shown, criterion in zip(figure.rows, made["criteria"], strict=True):
        assert {"in_date": shown.in_date, "applicable": shown.applicable} == criterion["coverage"]


def test_coverage_of_nothing_divides_by_nothing():
    assert evidence_figures.coverage(document(item("SO3", judgement="NOT_APPLICABLE"))).message == (
        "0 of 0 items have evidence in date"
    )


def test_a_number_without_a_level_is_said_and_compared():
    one = figures.ProfileRow(
        code="G1",
        name="Practice",
        claimed=figures.mark(number("9/10"), {}),
        supported=figures.mark(number("3/10"), {}),
        previous=figures.mark({"status": "no_level", "level": None}, {}),
        in_date=1,
        applicable=2,
        counts=(),
        split=(),
        noun="statement",
    )
    same = replace(one, supported=one.claimed)

    assert one.sentence == (
        "Practice: agreed 90%, evidence supports 30%, evidence for 1 of 2 statements, last time No level by design"
    )
    assert (one.note, same.note) == ("90%, evidence supports 30%", "90%")
    assert (one.is_short_of_evidence, same.is_short_of_evidence, one.is_unfinished) == (True, False, False)


def number(of_one):
    percent = str(100 * Fraction(of_one))
    trace = {"rule": "percent_of_maximum", "rounding": {"exact": percent, "rounded": percent, "mode": "none"}}
    return {"status": "no_level", "level": None, "trace": trace}
