"""State: values by name, as attributes or as a mapping."""

import copy
import pickle
from typing import Any

import pytest

from yaat.state import State


def test_attributes_and_items_are_the_same() -> None:
    """`state.db` and `state["db"]` are one value."""
    state = State()
    state.db = 1
    state["cache"] = 2
    assert (state["db"], state.cache, dict(state)) == (1, 2, {"db": 1, "cache": 2})


def test_a_state_shares_the_values_it_starts_with() -> None:
    """What is set on a request's state is seen by all who have the scope."""
    values: dict[str, Any] = {"db": 1}
    State(values).user = 2
    assert values == {"db": 1, "user": 2}


def test_values_can_be_removed() -> None:
    """Attributes and items can be deleted."""
    state = State({"a": 1, "b": 2, "c": 3})
    del state.a, state["b"]
    assert (list(state), len(state)) == (["c"], 1)


@pytest.mark.parametrize(("values", "known"), [({}, "nothing"), ({"db": 1, "cache": 2}, "cache, db")])
def test_a_missing_attribute_is_told(values: dict[str, Any], known: str) -> None:
    """The message lists what is there, and reminds of the lifespan."""
    with pytest.raises(AttributeError, match=rf"no 'pool'; it holds {known}\. Does the lifespan run"):
        _ = State(values).pool


def test_a_missing_value_is_an_error_of_its_kind() -> None:
    """A missing item is a KeyError, and deleting a missing attribute an AttributeError, as everywhere."""
    state = State()
    with pytest.raises(KeyError):
        _ = state["a"]
    with pytest.raises(KeyError):
        del state["a"]
    with pytest.raises(AttributeError, match="a"):
        del state.a


@pytest.mark.parametrize("name", ["items", "get", "values", "_values", "__class__"])
def test_a_name_that_every_state_has_cannot_be_an_attribute(name: str) -> None:
    """`state.items = …` would be hidden by the method, so it raises; as an item it works."""
    state = State()
    with pytest.raises(AttributeError, match=rf"attribute '{name}' of its own\. Write state\['{name}'\] instead"):
        setattr(state, name, 1)
    state[name] = 1
    assert state[name] == 1


@pytest.mark.parametrize(
    "make",
    [copy.copy, copy.deepcopy, lambda state: pickle.loads(pickle.dumps(state))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_a_state_can_be_copied(make: Any) -> None:
    """A copy holds the same."""
    assert dict(make(State({"a": [1]}))) == {"a": [1]}


def test_a_state_shows_names_and_no_values() -> None:
    """Values may be secrets, so `repr` leaves them out."""
    assert (repr(State({"token": "secret"})), repr(State())) == ("<State token>", "<State empty>")
