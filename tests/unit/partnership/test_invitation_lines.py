"""Invitations pasted as lines: what is understood, and what is told of a line that is not."""

import pytest

from partnership.invitation_lines import read
from partnership.roles import AT_PLACE, Role

ORGANISATIONS = {"Ashby Council": "council", "Ashby, Birling and Marsh Trust": "trust"}


def problems(text):
    [line] = read(text, ORGANISATIONS)
    return " | ".join(line.problems)


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee, Ann.Lee@ashby.example, member, Ashby Council",
        "Ann Lee\tann.lee@ashby.example\tBoard member\tASHBY  council\t",
        '"Ann Lee",ann.lee@ashby.example,MEMBER,"Ashby Council"',
    ],
)
def test_a_line_is_understood_with_commas_or_from_a_spreadsheet(text):
    [line] = read(text, ORGANISATIONS)

    assert line.problems == ()
    assert line.values == {
        "name": "Ann Lee",
        "email": "ann.lee@ashby.example",
        "role": Role.MEMBER,
        "organisation": "council",
    }


def test_an_organisations_name_may_hold_commas():
    [line] = read("Ann, ann@ashby.example, Signatory, Ashby, Birling and Marsh Trust", ORGANISATIONS)

    assert line.values["organisation"] == "trust"


@pytest.mark.parametrize("role", sorted(AT_PLACE))
def test_every_role_of_a_place_is_understood_by_its_name(role):
    [line] = read(f"Ann, ann@ashby.example, {role.label}, Ashby Council", ORGANISATIONS)

    assert line.values["role"] == role


@pytest.mark.parametrize(
    "text, told",
    [
        ("Ann", "The e-mail address and the role and the organisation is missing"),
        (", ann@ashby.example, member, Ashby Council", "The name is missing"),
        ("Ann, ann at ashby, member, Ashby Council", "“ann at ashby” is not an e-mail address"),
        ("Ann, ann@ashby.example, queen, Ashby Council", "“queen” is not a role. The roles are: Board chair, Board"),
        ("Ann, ann@ashby.example, reviewer, Ashby Council", "“reviewer” is not a role"),
        ("Ann, ann@ashby.example, member, Marsh Council", "“Marsh Council” is not a partner of this place"),
        ("Ann, ann, queen, nobody", "“ann” is not an e-mail address"),
        ("A" * 201 + ", ann@ashby.example, member, Ashby Council", "200 characters at most"),
    ],
)
def test_a_line_that_cannot_be_sent_says_what_to_mend(text, told):
    assert told in problems(text)


def test_lines_keep_their_numbers_and_one_that_says_the_same_again_is_named():
    line = "Ann, ann@ashby.example, member, Ashby Council"

    first, second, third = read(f"{line}\n\n  \n{line.upper()}\n{line.replace('member', 'lead')}", ORGANISATIONS)

    assert (first.number, second.number, third.number) == (1, 4, 5)
    assert second.problems == ("This is the same as line 1: take one out",)
    assert not first.problems
    assert not third.problems


@pytest.mark.parametrize("text", ['Ann "', '"', "\x00,,,", ",,,", "\t\t\t\t\t"])
def test_no_line_breaks_the_reading(text):
    for line in read(text, ORGANISATIONS):
        assert line.problems
