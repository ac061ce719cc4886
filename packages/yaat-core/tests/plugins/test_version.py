"""Versions, and the ranges that requirements allow."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet  # pytest brings it

from yaat.plugins.version import normalize, parse_release, parse_requirement

NUMBERS = st.lists(st.integers(0, 3), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
OPERATORS = st.sampled_from(["==", "!=", "<=", ">=", "<", ">"])


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("1", (0, 1)),
        ("1.2.3", (0, 1, 2, 3)),
        ("v1.2", (0, 1, 2)),
        ("2!1.0", (2, 1, 0)),
        ("0.3.0.dev1", (0, 0, 3, 0)),
        ("1.0rc1", (0, 1, 0)),
        ("1.0a2.post3.dev4", (0, 1, 0)),
        ("1.0-1", (0, 1, 0)),
        ("1.0+local.7", (0, 1, 0)),
        (" 1.2 ", (0, 1, 2)),
    ],
)
def test_a_release_is_the_epoch_and_the_numbers(text: str, release: tuple[int, ...]) -> None:
    """What stands after the numbers does not count."""
    assert parse_release(text) == release


@pytest.mark.parametrize("text", ["", "one", "1..2", "1.2.", "1.2 beta two", "1.x", "\u0661.2", "1.0\n2"])
def test_what_is_no_version_is_refused(text: str) -> None:
    """The error shows what was read."""
    with pytest.raises(ValueError, match="is not a version"):
        parse_release(text)


@pytest.mark.parametrize(
    ("requirement", "version", "is_allowed"),
    [
        ("x", "0", True),
        ("x>=1.2", "1.2", True),
        ("x>=1.2", "1.1.9", False),
        ("x<=1.2", "1.2.0", True),
        ("x<=1.2", "1.2.1", False),
        ("x<1", "0.9", True),
        ("x<1", "1.0rc1", False),
        ("x>1.0", "1.0.0", False),
        ("x>1.0", "1.0.1", True),
        ("x==1.0", "1", True),
        ("x!=1.0", "1", False),
        ("x==1.*", "1.9", True),
        ("x==1.2.*", "1", False),
        ("x==1.0.*", "1", True),
        ("x!=1.*", "1.9", False),
        ("x~=1.2", "1.9", True),
        ("x~=1.2", "2.0", False),
        ("x~=1.2", "1.1", False),
        ("x~=1.2.0", "1.3", False),
        ("x>=0.3", "0.3.0.dev1", True),
        ("x >= 1 , < 2", "1.5", True),
        ("x>=1,<2", "2", False),
        ("x (>=1)", "0.5", False),
        ("x[extra,more]>=1", "0.5", False),
        ("x @ file:///somewhere/x.whl", "0.5", True),
        ("x>=1!1", "5", False),
    ],
)
def test_a_requirement_allows_versions(requirement: str, version: str, is_allowed: bool) -> None:
    """Every condition counts; missing numbers are zeros; a URL names no range."""
    assert parse_requirement(requirement).allows(version) is is_allowed


@pytest.mark.parametrize("text", ["", ">=1", "x>=one", "x 1.2", "x===1", "x>=1.*", "x~=1", "x>=1 y", "x=>1"])
def test_what_is_no_requirement_is_refused(text: str) -> None:
    """A range that cannot be read is an error, not one that allows everything."""
    with pytest.raises(ValueError, match=r"is not a|which goes with|needs two"):
        parse_requirement(text)


def test_a_marker_is_seen() -> None:
    """Whoever holds a version against a requirement knows that it may not be meant for here."""
    assert parse_requirement('x>=1; python_version < "3"').has_marker
    assert not parse_requirement("x>=1").has_marker


@pytest.mark.parametrize("name", ["Yaat-Core", "yaat_core", "yaat.core", "yaat-_-core"])
def test_equal_names_share_a_form(name: str) -> None:
    """Case and the kind of separator do not tell distributions apart."""
    assert normalize(name) == "yaat-core"


@given(OPERATORS, NUMBERS, NUMBERS)
def test_ranges_mean_what_they_mean_to_installers(operator: str, bound: str, version: str) -> None:
    """For released versions every operator agrees with the reference implementation."""
    expected = SpecifierSet(operator + bound).contains(version)
    assert parse_requirement(f"x{operator}{bound}").allows(version) is expected


@given(st.sampled_from(["==", "!="]), NUMBERS, NUMBERS)
def test_prefixes_mean_what_they_mean_to_installers(operator: str, bound: str, version: str) -> None:
    """`==1.*` agrees with the reference implementation."""
    expected = SpecifierSet(f"{operator}{bound}.*").contains(version)
    assert parse_requirement(f"x{operator}{bound}.*").allows(version) is expected


@given(NUMBERS, st.integers(0, 3), NUMBERS)
def test_compatible_releases_mean_what_they_mean_to_installers(bound: str, last: int, version: str) -> None:
    """`~=1.2` agrees with the reference implementation."""
    expected = SpecifierSet(f"~={bound}.{last}").contains(version)
    assert parse_requirement(f"x~={bound}.{last}").allows(version) is expected


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but `ValueError` comes out of a text that is no requirement."""
    with suppress(ValueError):
        parse_requirement(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is not a requirement such as 'name' or 'name>=1.2,<2'."),
        ("x>=one", "'one' is not a version such as '1.2' or '1.2.3rc1'."),
        ("x>=1,=2", "'=2' is not a condition such as '>=1.2'; use one of ~= == != <= >= < >."),
        ("x>=1.*", "'>=1.*' has '.*', which goes with == and != alone."),
        ("x~=1", "'~=1' needs two numbers: '~=1.2' is '>=1.2,==1.*'."),
    ],
)
def test_each_message_shows_what_was_read_and_how_to_write_it(text: str, message: str) -> None:
    """The message has the part that cannot be read, and one that can."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the whole text is compared
        parse_requirement(text)
    assert str(caught.value) == message


def test_a_requirement_keeps_its_text_and_its_name() -> None:
    """Messages show what was written."""
    requirement = parse_requirement(" Yaat_Core [a] >= 0.2 ,, < 1 ")
    assert (requirement.text, requirement.name) == (" Yaat_Core [a] >= 0.2 ,, < 1 ", "Yaat_Core")
    assert [(clause.operator, clause.release) for clause in requirement.clauses] == [(">=", (0, 0, 2)), ("<", (0, 1))]


def test_a_marker_may_go_on_in_another_line() -> None:
    """Metadata may be folded."""
    assert parse_requirement('x>=1; python_version\n < "3"').has_marker


def test_a_requirement_begins_with_plain_white_space_at_most() -> None:
    """Spaces of other scripts are no part of the notation."""
    assert parse_requirement(" x>=1").name == "x"
    with pytest.raises(ValueError, match="is not a requirement"):
        parse_requirement("\u2003x>=1")
