"""Whole numbers that are written with a fraction of nothing."""

import enum
import time
from decimal import Decimal
from typing import Annotated, Any, Literal, Optional

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat import Yaat
from yaat_typed.whole import find_mender, make_whole


class Size(enum.IntEnum):
    SMALL = 1


class Node(msgspec.Struct):
    number: int
    price: float = 0
    next: Optional["Node"] = None


class Line(msgspec.Struct, array_like=True):
    number: int


@given(st.floats(allow_nan=False) | st.integers() | st.booleans() | st.text(max_size=3) | st.none())
def test_numbers_keep_their_value(value: Any) -> None:
    """Only their type changes, and only without a fraction."""
    made = make_whole(value)
    assert made == value
    assert type(made) is type(value) or (type(made) is int and type(value) is float)


@pytest.mark.parametrize(
    ("kind", "value", "mended"),
    [
        (int, 3.0, 3),
        (int, 3.5, 3.5),
        (int, float("1e300"), int(1e300)),
        (Annotated[int, msgspec.Meta(ge=1)] | None, 3.0, 3),
        (int | str, 3.0, 3),
        (list[int] | int | float, 3.0, 3.0),
        (list[int] | int | Decimal, 3.0, 3.0),
        (int, Decimal("12345678901234567890.0"), 12345678901234567890),
        (int, Decimal("1.5"), Decimal("1.5")),
        (int, Decimal("1e999999999"), Decimal("1e999999999")),
        (Literal[1, 2], 2.0, 2),
        (Size, 1.0, 1),
        (list[int], [1, 2.0, "x"], [1, 2, "x"]),
        (tuple[int, ...], [1.0], [1]),
        (tuple[int, float], [1.0, 1.0], [1, 1.0]),
        (tuple[int, float], [1.0], [1]),
        (Line, [1.0, 1.0], [1, 1.0]),
        (dict[str, int], {"a": 1.0}, {"a": 1}),
        (list[dict[str, int]] | None, [{"a": 1.0}], [{"a": 1}]),
        (Node, {"number": 1.0, "price": 1.0, "next": {"number": 2.0}, "other": 1.0}, ...),
    ],
    ids=str,
)
def test_numbers_are_whole_where_that_is_declared(kind: Any, value: Any, mended: Any) -> None:
    """At any depth; what is something else is left to whoever looks at it next."""
    mend = find_mender(kind)
    assert mend is not None
    if mended is ...:
        mended = {"number": 1, "price": 1.0, "next": {"number": 2}, "other": 1.0}
    assert repr(mend(value)) == repr(mended)


@pytest.mark.parametrize("kind", [int, list[int], dict[str, int], Node, Line, tuple[int, int], int | None], ids=str)
@pytest.mark.parametrize("value", [None, "x", True, [], {}, {"number": None}, [[]], 1.5])
def test_anything_is_left_as_it_is_that_is_something_else(kind: Any, value: Any) -> None:
    """It is refused with its own message."""
    mend = find_mender(kind)
    assert mend is None or mend(value) == value


@pytest.mark.parametrize(
    "kind", [float, str, list[str], dict[str, float], Any, tuple[str, float], float | None, int | float], ids=str
)
def test_what_has_no_whole_numbers_needs_no_mending(kind: Any) -> None:
    """Nor any time; nor has a number that may have a fraction."""
    assert find_mender(kind) is None


def test_content_is_what_its_document_says(app: Yaat, fetch: Any) -> None:
    """To JSON Schema 3.0 is an integer, in short content and in long."""

    @app.post("/")
    async def handler(nodes: list[Node]) -> Any:
        return [nodes[0].number, len(nodes)]

    assert fetch(app, "POST /", body=[{"number": 337.0}]).json == [337, 1]
    assert fetch(app, "POST /", body=[{"number": 337.0}] * 9_000).json == [337, 9_000]
    assert fetch(app, "POST /", body=[{"number": 337.5}, {"number": 1.0}, {"number": "x"}]).mistakes == [
        "body #/0/number Expected `int`, got `float`",
        "body #/2/number Expected `int`, got `str`",
    ]


def test_mending_takes_time_linear_in_the_content() -> None:
    """And less than reading it again."""
    mend = find_mender(list[int])
    assert mend is not None

    def measure(count: int) -> float:
        value = [1.0] * count
        start = time.process_time()
        mend(value)
        return time.process_time() - start

    assert min(measure(100_000) for _ in range(3)) < 50 * min(measure(10_000) for _ in range(3))
