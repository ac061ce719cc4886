"""This file is dataclasses as msgspec makes them: it leaves fields with a default out of the instance.

They are there to read, from the class; but whoever writes such an instance, msgspec itself included, leaves them out.
So they are put where the class's own constructor puts them.
"""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from typing import Any, get_args, get_origin

import msgspec

from yaat.exceptions import HandlerError

from .annotation import list_fields


def find_completer(kind: Any) -> Callable[[Any], Any] | None:
    """Return what completes values of a type, and gives them back; `None` for a type without such dataclasses."""
    return complete if _holds_defaults(kind, ()) else None


def complete(value: Any) -> Any:
    """Return *value*, in which every dataclass has all of its fields."""
    if is_dataclass(value) and hasattr(value, "__dict__"):
        for name, default in _list_defaults(value.__class__):
            vars(value).setdefault(name, default)
    for part in _list_parts(value):
        if part.__class__ not in _PLAIN:
            complete(part)
    return value


def refuse_computed(kind: Any) -> None:
    """Raise for a type, read from what a client sends, with classes that compute fields by themselves.

    msgspec would take such a field from the client, and want it where it has no default.

    Raises:
        HandlerError: There is one; the message names it.
    """
    found = _find_computed(kind, ())
    if found is not None:
        owner, name = found
        raise HandlerError(
            f"its type holds {owner.__qualname__}, whose field {name!r} has init=False, so a client must not set it. "
            f"Take a class without {name!r}, and make a {owner.__qualname__} of it."
        )


def _find_computed(kind: Any, inside: tuple[Any, ...]) -> tuple[Any, str] | None:
    """Return the first field in a type that the constructor of its class does not take, after that class."""
    if any(kind is each for each in inside):
        return None
    plain = get_origin(kind) or kind
    declared = fields(plain) if is_dataclass(plain) else getattr(plain, "__attrs_attrs__", ())
    found = next(((plain, each.name) for each in declared if not each.init), None)
    parts = () if found is not None else (*get_args(kind), *list_fields(kind).values())
    return next((one for part in parts if (one := _find_computed(part, (*inside, kind))) is not None), found)


#: What most of content is made of, and holds nothing.
_PLAIN = frozenset((bool, int, float, str, type(None)))


@lru_cache(maxsize=256)  # PERF: a large document has few classes and many instances.
def _list_defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a dataclass that have a default, each with it."""
    return tuple((each.name, each.default) for each in fields(kind) if each.default is not MISSING)


def _list_parts(value: Any) -> Iterable[Any]:
    """Return what may hold dataclasses in *value*."""
    if isinstance(value, list | tuple | set | frozenset):
        return value
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, msgspec.Struct):
        return [getattr(value, name) for name in value.__struct_fields__]
    if is_dataclass(value):
        return [getattr(value, each.name) for each in fields(value)]
    return ()


def _holds_defaults(kind: Any, inside: tuple[Any, ...]) -> bool:
    """Return whether values of a type may hold dataclasses whose fields have defaults."""
    if any(kind is each for each in inside):
        return False
    plain = get_origin(kind) or kind
    if isinstance(plain, type) and is_dataclass(plain) and any(each.default is not MISSING for each in fields(plain)):
        return True
    return any(_holds_defaults(part, (*inside, kind)) for part in (*get_args(kind), *list_fields(kind).values()))
