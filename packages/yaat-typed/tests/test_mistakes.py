"""Mistakes: each with a pointer to it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
import pytest

from yaat_typed.mistakes import MAX_MISTAKES, format_pointer, list_first, list_mistakes


class Tree(msgspec.Struct):
    value: int
    children: "list[Tree]" = []


class Camel(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    first_name: str
    last_name: str


class Row(msgspec.Struct, array_like=True):
    a: int
    b: str


@dataclass
class Checked:
    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("low is over high")


def tell(value: Any, kind: Any) -> list[str]:
    return [f"{each['pointer']} {each['detail']}" for each in list_mistakes(value, kind, "body")]


@pytest.mark.parametrize(
    ("value", "kind", "mistakes"),
    [
        ({"value": 1}, Tree, []),
        (
            {"value": "x", "children": [{"value": 1, "children": [{}]}, 5]},
            Tree,
            [
                "#/value Expected `int`, got `str`",
                "#/children/0/children/0/value Required, but missing",
                "#/children/1 Expected `object`, got `int`",
            ],
        ),
        ({"firstName": 1}, Camel, ["#/firstName Expected `str`, got `int`", "#/lastName Required, but missing"]),
        ({"firstName": "a", "lastName": "b", "x": 1}, Camel, ["# Object contains unknown field `x`"]),
        (["x", 1], Row, ["#/0 Expected `int`, got `str`"]),
        ({"low": 2, "high": 1}, Checked, ["# low is over high"]),
        ({"a": 1, "b": "x"}, dict[str, int], ["#/b Expected `int`, got `str`"]),
        ({"x": 1}, dict[int, int], ["# Expected `int`, got `str`"]),
        ([[1], ["x"]], list[list[int]], ["#/1/0 Expected `int`, got `str`"]),
        (["x"], set[int] | None, ["#/0 Expected `int`, got `str`"]),
        ([1, 2, 3], tuple[int, str], ["#/1 Expected `str`, got `int`"]),
        ([1, "a", 3], tuple[int, str], ["# Expected `array` of length 2, got 3"]),
        ([1, 2, "x"], tuple[int, ...], ["#/2 Expected `int`, got `str`"]),
        ({"value": "x"}, Tree | None, ["#/value Expected `int`, got `str`"]),
        ({"value": "x"}, Annotated[Tree, msgspec.Meta(title="T")], ["#/value Expected `int`, got `str`"]),
        ("c", Literal["a", "b"], ["# Invalid enum value 'c'"]),
        ("x", int | bool, ["# Expected `bool | int`, got `str`"]),
        ("NaN", Decimal, ["# Expected a finite number, got 'NaN'"]),
        ({"a": ["1", "Infinity"]}, dict[str, list[Decimal]], ["#/a/1 Expected a finite number, got 'Infinity'"]),
    ],
)
def test_all_mistakes_are_told(value: Any, kind: Any, mistakes: list[str]) -> None:
    """In the order of the value, then what is missing; one for the whole where no part is to blame."""
    assert tell(value, kind) == mistakes


def test_not_more_are_told_than_anybody_reads() -> None:
    """A hundred."""
    assert len(tell(["x"] * 1000, list[int])) == MAX_MISTAKES


def test_a_type_that_only_msgspec_understands_is_told_in_its_words() -> None:
    """What cannot be taken apart is told as a whole."""
    [mistake] = tell({"a": 1}, 5)
    assert mistake.startswith("# Type '5' is not supported")


@pytest.mark.parametrize(
    ("pointer", "text"),
    [((), "#"), (("a", 0), "#/a/0"), (("a/b~c",), "#/a~1b~0c"), (("ä b",), "#/%C3%A4%20b"), (("",), "#/")],
)
def test_pointers_are_fragments_of_a_uri(pointer: tuple[Any, ...], text: str) -> None:
    """RFC 6901 §6."""
    assert format_pointer(pointer) == text


def test_the_first_mistake_is_read_from_what_msgspec_says() -> None:
    """Where there is too much to look through."""
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(b'{"value":1,"children":[{"value":"x"}]}', type=Tree)
    [mistake] = list_first(caught.value, "body")
    assert mistake == {"in": "body", "pointer": "#/children/0/value", "detail": "Expected `int`, got `str`"}
