"""MultiDict: every value of a repeated key is kept, in order."""

import copy
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.headers import Headers
from yaat.multidict import MultiDict

PAIRS = st.lists(st.tuples(st.sampled_from(["a", "b", "c", ""]), st.integers()))


def test_key_gives_its_last_value() -> None:
    """Read like a dict, a repeated key gives its last value."""
    assert MultiDict([("a", 1), ("b", 2), ("a", 3)])["a"] == 3


def test_missing_key_raises_key_error() -> None:
    """A missing key raises KeyError, as in a dict."""
    with pytest.raises(KeyError, match="'b'"):
        MultiDict([("a", 1)])["b"]


def test_get_gives_the_last_value() -> None:
    """``get`` gives the last value too."""
    assert MultiDict([("a", 1), ("a", 2)]).get("a") == 2


def test_get_of_a_missing_key_gives_the_default() -> None:
    """``get`` gives the default for a missing key, ``None`` if there is no default."""
    fields = MultiDict([("a", 1)])
    assert (fields.get("b"), fields.get("b", 5)) == (None, 5)


def test_get_works_again_after_the_first_look() -> None:
    """Looking a second time gives the same as looking the first time."""
    fields = MultiDict([("a", 1)])
    assert [fields.get("a"), fields.get("a"), fields["a"]] == [1, 1, 1]


def test_get_all_gives_every_value_in_order() -> None:
    """``get_all`` gives all values of a key in their order."""
    assert MultiDict([("a", 1), ("b", 2), ("a", 3)]).get_all("a") == [1, 3]


def test_getlist_is_get_all() -> None:
    """``getlist`` is another name of ``get_all``, here and in headers."""
    assert MultiDict([("a", 1), ("a", 3)]).getlist("a") == [1, 3]
    assert Headers([(b"via", b"a"), (b"via", b"b")]).getlist("Via") == ["a", "b"]


def test_get_all_of_a_missing_key_is_empty() -> None:
    """``get_all`` of a missing key is an empty list."""
    assert MultiDict([("a", 1)]).get_all("b") == []


def test_multi_items_are_the_pairs_as_they_came() -> None:
    """``multi_items`` gives all pairs in their order."""
    pairs = [("b", 1), ("a", 2), ("b", 3)]
    assert MultiDict(pairs).multi_items() == pairs


def test_the_list_of_multi_items_is_a_copy() -> None:
    """What a caller does to the list it got does not change the mapping."""
    fields = MultiDict([("a", 1)])
    fields.multi_items().clear()
    assert fields.multi_items() == [("a", 1)]


def test_the_pairs_are_copied() -> None:
    """The pairs may come from any iterable, and changing it later has no effect."""
    pairs = [("a", 1)]
    fields = MultiDict(pairs)
    pairs.append(("b", 2))
    assert fields.multi_items() == MultiDict(iter([("a", 1)])).multi_items() == [("a", 1)]


def test_iteration_gives_each_key_once() -> None:
    """Iterating gives each key once, in the order in which they first came."""
    assert list(MultiDict([("b", 1), ("a", 2), ("b", 3)])) == ["b", "a"]


def test_length_counts_distinct_keys() -> None:
    """The length is the number of distinct keys."""
    assert len(MultiDict([("b", 1), ("a", 2), ("b", 3)])) == 2


def test_contains_looks_for_keys() -> None:
    """``in`` looks for keys."""
    fields = MultiDict([("a", "b")])
    assert "a" in fields
    assert "b" not in fields


def test_an_empty_one_is_false() -> None:
    """Without pairs it is empty and false."""
    assert not MultiDict()


def test_order_of_different_keys_does_not_matter_to_equality() -> None:
    """Two are equal when each key has the same values in the same order."""
    assert MultiDict([("a", 1), ("b", 2)]) == MultiDict([("b", 2), ("a", 1)])


def test_order_of_the_same_key_matters_to_equality() -> None:
    """Two are different when a key has its values in another order."""
    assert MultiDict([("a", 1), ("a", 2)]) != MultiDict([("a", 2), ("a", 1)])


def test_a_dict_counts_as_one_value_each() -> None:
    """A plain mapping equals one that has each key once."""
    assert MultiDict([("a", 1)]) == {"a": 1}
    assert MultiDict([("a", 1), ("a", 1)]) != {"a": 1}


def test_other_types_are_never_equal() -> None:
    """Nothing but a mapping can be equal."""
    assert MultiDict([("a", 1)]) != [("a", 1)]


def test_repr_shows_every_pair() -> None:
    """The representation shows all pairs and can be evaluated."""
    assert repr(MultiDict([("a", 1), ("a", 2)])) == "MultiDict([('a', 1), ('a', 2)])"


def test_it_cannot_be_changed() -> None:
    """There is no way to set a key."""
    with pytest.raises(TypeError, match="item assignment"):
        MultiDict([("a", 1)])["a"] = 2  # type: ignore[index]  # this is the mistake in question


def test_copies_are_equal() -> None:
    """It can be copied and pickled."""
    fields = MultiDict([("a", 1), ("a", 2)])
    assert copy.deepcopy(fields) == pickle.loads(pickle.dumps(fields)) == fields


@settings(deadline=None)
@given(PAIRS)
def test_as_a_mapping_it_is_the_dict_of_its_pairs(pairs: list[tuple[str, int]]) -> None:
    """As a mapping it behaves like the dict made of the same pairs."""
    fields = MultiDict(pairs)
    assert dict(fields) == dict(pairs)
    assert list(fields) == list(dict(pairs))


@settings(deadline=None)
@given(PAIRS)
def test_get_all_ends_with_what_the_key_gives(pairs: list[tuple[str, int]]) -> None:
    """The last of ``get_all`` is what the key itself gives, and none is lost."""
    fields = MultiDict(pairs)
    assert {key: fields.get_all(key)[-1] for key in fields} == dict(fields)
    assert sum(len(fields.get_all(key)) for key in fields) == len(pairs)
