"""Texts that become values."""

from decimal import Decimal
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat_typed.text import ListMistakes, make_list_parser, make_parser, parse_number, parse_truth, parse_whole


@given(st.integers(-(2**63), 2**63 - 1))
def test_whole_numbers_are_read_back(value: int) -> None:
    """Those of 64 bits, what databases take as a key."""
    assert parse_whole(str(value)) == value


@pytest.mark.parametrize("text", [str(2**63), str(-(2**63) - 1), "1" * 5000])
def test_larger_whole_numbers_are_refused(text: str) -> None:
    """Documents say so too; and a number of many digits would take long to make."""
    with pytest.raises(ValueError, match="Expected `int`, got '"):
        parse_whole(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_back(value: float) -> None:
    """As Python writes them."""
    assert parse_number(repr(value)) == value


@given(st.text(alphabet="0123456789+-.eE_naif ٣", max_size=12))
def test_nothing_is_read_that_is_no_number(text: str) -> None:
    """Whatever is read, Python reads in the same way."""
    for parse, make in ((parse_whole, int), (parse_number, float)):
        try:
            value: Any = parse(text)
        except ValueError:
            continue
        assert value == make(text)


@pytest.mark.parametrize("text", ["", "yes", "TRUE", "2", " true"])
def test_truth_is_said_in_few_ways(text: str) -> None:
    """Those of forms, links and programs."""
    with pytest.raises(ValueError, match="Expected `bool`"):
        parse_truth(text)


def test_a_text_needs_no_parser() -> None:
    """Nor does one that may be missing."""
    assert make_parser(str) is None
    assert make_parser(str | None) is None


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (int | None, "5", 5),
        (Annotated[int, msgspec.Meta(ge=1)] | None, "5", 5),
        (Decimal, "1.10", Decimal("1.10")),
        (bytes, "YQ==", b"a"),
        (int | str, "5", "5"),
    ],
    ids=str,
)
def test_one_text_becomes_a_value(kind: Any, text: str, value: Any) -> None:
    """By its type, whether it may be missing or not."""
    parse = make_parser(kind)
    assert parse is not None
    assert parse(text) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [(list[int], [1, 2]), (set[int] | None, {1, 2}), (tuple[int, ...], (1, 2)), (frozenset[str], frozenset("12"))],
    ids=str,
)
def test_several_texts_become_a_collection(kind: Any, value: Any) -> None:
    """Of the type that is declared."""
    assert make_list_parser(kind)(["1", "2"]) == value


def test_all_that_is_wrong_with_several_texts_is_told() -> None:
    """Each with its place."""
    with pytest.raises(ListMistakes) as caught:
        make_list_parser(list[int])(["1", "x", "2", ""])
    assert [each["pointer"] for each in caught.value.tell("query", "n")] == ["#/n/1", "#/n/3"]
