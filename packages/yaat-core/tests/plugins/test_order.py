"""Putting names in an order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat.plugins.order import OrderCycle, sort_names

NAMES = "abcdef"
EDGES = st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES)))


def test_names_stand_as_they_are() -> None:
    """Where nothing is said, the given order is kept."""
    assert sort_names(["c", "a", "b"], {}) == ["c", "a", "b"]


def test_a_name_comes_after_those_that_must_come_earlier() -> None:
    """Only what has to move is moved."""
    assert sort_names(["a", "b", "c"], {"a": {"c"}}) == ["b", "c", "a"]


def test_names_that_are_not_there_do_not_count() -> None:
    """An order can be asked for among names some of which may be missing."""
    assert sort_names(["a", "b"], {"a": {"x"}, "y": {"b"}}) == ["a", "b"]


def test_a_circle_is_shown_from_its_foremost_name() -> None:
    """The same circle is always shown in the same way."""
    with pytest.raises(OrderCycle) as caught:
        sort_names(["x", "a", "b", "c"], {"b": {"a"}, "c": {"b"}, "a": {"c"}})
    assert caught.value.cycle == ("a", "b", "c", "a")
    assert str(caught.value) == "a → b → c → a"


@pytest.mark.parametrize(
    ("names", "circle"),
    [("abc", "abca"), ("acb", "abca"), ("bca", "bcab"), ("bac", "bcab"), ("cab", "cabc"), ("cba", "cabc")],
)
def test_the_foremost_name_is_the_one_that_stands_first(names: str, circle: str) -> None:
    """The given order counts, and not the alphabet; each name of the circle is shown once, and the first one again."""
    with pytest.raises(OrderCycle) as caught:
        sort_names([*names], {"b": {"a"}, "c": {"b"}, "a": {"c"}})
    assert caught.value.cycle == (*circle,)


def test_a_circle_is_shown_without_what_leads_to_it() -> None:
    """A name that comes after a circle is no part of it, wherever it leads in."""
    with pytest.raises(OrderCycle) as caught:
        sort_names([*"xabc"], {"x": {"b"}, "b": {"a"}, "c": {"b"}, "a": {"c"}})
    assert caught.value.cycle == ("a", "b", "c", "a")


def test_a_name_before_itself_is_a_circle() -> None:
    """It is the smallest one."""
    with pytest.raises(OrderCycle, match="a → a"):
        sort_names(["a"], {"a": {"a"}})


@given(st.permutations(NAMES), EDGES)
def test_an_order_keeps_every_condition_or_shows_a_circle(names: list[str], earlier: dict[str, set[str]]) -> None:
    """There is no third way out, and the circle is made of conditions that were given."""
    try:
        ordered = sort_names(names, earlier)
    except OrderCycle as error:
        for first, later in zip(error.cycle, error.cycle[1:], strict=False):
            assert first in earlier[later]
    else:
        assert sorted(ordered) == sorted(names)
        for name, before in earlier.items():
            assert all(ordered.index(other) < ordered.index(name) for other in before)
