"""This file is a read-only mapping that keeps every value of a repeated key, in order."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar, overload

V_co = TypeVar("V_co", covariant=True)
D = TypeVar("D")


class MultiDict(Mapping[str, V_co]):
    """Pairs of key and value in which a key may come more than once.

    As a mapping it shows each key once, with its *last* value, as Starlette and Django do;
    ``get_all`` and ``multi_items`` show everything. It never changes.

    Two are equal when each key has the same values in the same order; a plain mapping counts as one
    value for each key.
    """

    __slots__ = ("_last", "_pairs")

    _pairs: list[tuple[str, V_co]]
    _last: dict[str, V_co] | None  # made when a key is first looked up

    def __init__(self, pairs: Iterable[tuple[str, V_co]] = ()) -> None:
        self._pairs = list(pairs)
        self._last = None

    def __getitem__(self, key: str) -> V_co:
        last = self._last
        return (self._index() if last is None else last)[key]

    @overload
    def get(self, key: str, default: None = None, /) -> V_co | None: ...
    @overload
    def get(self, key: str, default: D, /) -> V_co | D: ...
    def get(self, key: str, default: D | None = None, /) -> V_co | D | None:
        """Return the last value of *key*, or *default*."""
        last = self._last
        return (self._index() if last is None else last).get(key, default)

    def get_all(self, key: str) -> list[V_co]:
        """Return all values of *key* in their order, none when the key is missing."""
        return [value for name, value in self._read_pairs() if name == key]

    #: The name that users of Starlette and Werkzeug know.
    getlist = get_all

    def multi_items(self) -> list[tuple[str, V_co]]:
        """Return all pairs in their order."""
        return list(self._read_pairs())

    def __contains__(self, key: object) -> bool:
        return key in self._index()

    def __iter__(self) -> Iterator[str]:
        return iter(self._index())

    def __len__(self) -> int:
        return len(self._index())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, MultiDict):
            return self._grouped() == other._grouped()
        if isinstance(other, Mapping):
            return self._grouped() == {key: [value] for key, value in other.items()}
        return NotImplemented

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._read_pairs()!r})"

    def _read_pairs(self) -> list[tuple[str, V_co]]:
        """Return the pairs; a subclass may parse them here, when they are first asked for."""
        return self._pairs

    def _index(self) -> dict[str, V_co]:
        last = self._last
        if last is None:
            last = self._last = dict(self._read_pairs())
        return last

    def _grouped(self) -> dict[str, list[V_co]]:
        groups: dict[str, list[V_co]] = {}
        for key, value in self._read_pairs():
            groups.setdefault(key, []).append(value)
        return groups
