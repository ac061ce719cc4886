"""This file is the state that an app or a request carries: names and values, as attributes or as a mapping."""

from collections.abc import Iterator, MutableMapping
from typing import Any


class State(MutableMapping[str, Any]):
    """Values by name: `state.db` and `state["db"]` are the same.

    Args:
        values: What it starts with; shared, not copied.
    """

    __slots__ = ("_values",)
    _values: dict[str, Any]

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        object.__setattr__(self, "_values", {} if values is None else values)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            known = ", ".join(sorted(self._values)) or "nothing"
            raise AttributeError(
                f"The state has no {name!r}; it holds {known}. Does the lifespan run, and yield it?"
            ) from None

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(type(self), name):
            raise AttributeError(f"Every state has an attribute {name!r} of its own. Write state[{name!r}] instead.")
        self._values[name] = value

    def __delattr__(self, name: str) -> None:
        try:
            del self._values[name]
        except KeyError:
            raise AttributeError(name) from None

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._values[name] = value

    def __delitem__(self, name: str) -> None:
        del self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __reduce__(self) -> tuple[type["State"], tuple[dict[str, Any]]]:
        return State, (self._values,)

    def __repr__(self) -> str:
        """The names alone: values may be secrets."""
        return f"<State {', '.join(self._values) or 'empty'}>"
