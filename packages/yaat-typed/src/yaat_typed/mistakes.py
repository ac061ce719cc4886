"""This file is what is wrong with a value: every mistake, with a JSON pointer to it.

msgspec stops at the first mistake. Only when there is one, the value is looked at again, part by part.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from urllib.parse import quote

import msgspec

from yaat.arguments import InvalidInput

from .annotation import holds, list_fields

#: More than anybody reads.
MAX_MISTAKES = 100
#: In longer content only the first mistake is told: looking for all would keep the event loop for too long.
MAX_SEARCHED_BYTES = 65_536

#: What stands in a fragment as it is (RFC 3986 §3.5).
_UNESCAPED = "!$&'()*+,;=:@?-._~"
_STEP = re.compile(r"\.([^.\[`]+)|\[(\d+|\.\.\.)\]")

Pointer = tuple[str | int, ...]
Mistake = Mapping[str, str]


def make_mistake(place: str, pointer: Pointer, detail: str) -> Mistake:
    """Return one mistake, as clients read it (RFC 9457 §3; RFC 6901 §6)."""
    return {"in": place, "pointer": format_pointer(pointer), "detail": detail}


def format_pointer(pointer: Pointer) -> str:
    """Return a JSON pointer as the fragment of a URI (RFC 6901 §6)."""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in pointer)
    return "#" + "".join(f"/{quote(step, safe=_UNESCAPED)}" for step in steps)


def refuse(place: str, name: str, detail: str) -> InvalidInput:
    """Return the error for one value that is called *name*."""
    return InvalidInput([make_mistake(place, (name,), detail)])


def list_mistakes(value: Any, kind: Any, place: str) -> list[Mistake]:
    """Return what keeps *value*, as JSON has given it, from being a *kind*; empty if nothing does."""
    search = _Search()
    search.look(value, kind, ())
    return [make_mistake(place, pointer, detail) for pointer, detail in search.found[:MAX_MISTAKES]]


def list_first(error: msgspec.ValidationError, place: str) -> list[Mistake]:
    """Return the one mistake that msgspec has found."""
    pointer, detail = _read_error(error, ())
    return [make_mistake(place, pointer, detail)]


class _Search:
    """The search for all mistakes of one value.

    What is known of a type is kept, by its identity: an annotation need not have a hash.

    Attributes:
        found: Where they are, and what.
    """

    def __init__(self) -> None:
        self.found: list[tuple[Pointer, str]] = []
        self._fields: dict[int, dict[str, Any]] = {}
        self._required: dict[int, list[str]] = {}
        self._has_decimal: dict[int, bool] = {}

    def look(self, value: Any, kind: Any, pointer: Pointer) -> None:
        """Add the mistakes of *value*, which stands at *pointer*."""
        try:
            made = msgspec.convert(value, kind, str_keys=True)
        except msgspec.ValidationError as error:
            self._look_inside(value, kind, pointer, error)
        except (TypeError, ValueError, RecursionError) as error:
            self.found.append((pointer, str(error)))
        else:
            if self._may_be_infinite(kind):
                self._look_for_infinite(value, made, kind, pointer)

    def _look_inside(self, value: Any, kind: Any, pointer: Pointer, error: Exception) -> None:
        """Add the mistakes of the parts of *value*; where no part is to blame, what msgspec says of the whole."""
        count = len(self.found)
        kind = self._choose(value, kind)
        for part, part_kind, step in self._list_parts(value, kind):
            if len(self.found) >= MAX_MISTAKES:
                return
            self.look(part, part_kind, (*pointer, step))
        if isinstance(value, dict):
            missing = [name for name in self._list_required(kind) if name not in value]
            self.found += [((*pointer, name), "Required, but missing") for name in missing]
        if len(self.found) == count:
            self.found.append(_read_error(error, pointer))

    def _look_for_infinite(self, value: Any, made: Any, kind: Any, pointer: Pointer) -> None:
        """Add where in what msgspec takes for right a decimal is that is no number."""
        if isinstance(made, Decimal) and not made.is_finite():
            self.found.append((pointer, f"Expected a finite number, got {str(value)[:50]!r}"))
        for part, part_kind, step in self._list_parts(value, self._choose(value, kind)):
            if len(self.found) < MAX_MISTAKES and self._may_be_infinite(part_kind):
                part_made = msgspec.convert(part, part_kind, str_keys=True)
                self._look_for_infinite(part, part_made, part_kind, (*pointer, step))

    # --- what is known of types ---

    def _may_be_infinite(self, kind: Any) -> bool:
        """Return whether values of a type may hold decimals."""
        known = self._has_decimal.get(id(kind))
        if known is None:
            known = self._has_decimal[id(kind)] = holds(kind, (Decimal,))
        return known

    def _list_fields(self, kind: Any) -> dict[str, Any]:
        """Return the fields of a model."""
        known = self._fields.get(id(kind))
        if known is None:
            known = self._fields[id(kind)] = list_fields(kind)
        return known

    def _list_required(self, kind: Any) -> list[str]:
        """Return the fields that a model cannot do without."""
        known = self._required.get(id(kind))
        if known is None:
            seen: Any = msgspec.inspect.type_info(kind) if self._list_fields(kind) else None
            known = [each.encode_name for each in seen.fields if each.required] if seen is not None else []
            self._required[id(kind)] = known
        return known

    def _list_parts(self, value: Any, kind: Any) -> Iterator[tuple[Any, Any, str | int]]:
        """Yield each part of *value* with what it should be, and the step that leads there."""
        if isinstance(value, dict):
            yield from self._list_members(value, kind)
        elif isinstance(value, list) and get_args(kind) and not self._list_fields(kind):
            yield from _list_items(value, kind)

    def _list_members(self, value: Mapping[str, Any], kind: Any) -> Iterator[tuple[Any, Any, str | int]]:
        """Yield the same for the members of an object."""
        origin, arguments = get_origin(kind) or kind, get_args(kind)
        fields = self._list_fields(kind)
        for name, part in value.items():
            if name in fields:
                yield part, fields[name], name
            elif origin in (dict, Mapping) and len(arguments) == 2:
                yield part, arguments[1], name

    def _choose(self, value: Any, kind: Any) -> Any:
        """Return which type of a union *value* can only be meant as, without annotations; else the type itself."""
        if get_origin(kind) is Annotated:
            return self._choose(value, get_args(kind)[0])
        if get_origin(kind) not in (Union, UnionType):
            return kind
        members = [self._choose(value, each) for each in get_args(kind)]
        if isinstance(value, dict):
            members = [each for each in members if self._list_fields(each) or get_origin(each) in (dict, Mapping)]
            members = [each for each in members if _has_tag(each, value)] if len(members) > 1 else members
        else:
            members = [each for each in members if isinstance(value, list) and get_origin(each) in _ARRAYS]
        return members[0] if len(members) == 1 else kind


_ARRAYS = (list, tuple, set, frozenset)


def _list_items(value: list[Any], kind: Any) -> Iterator[tuple[Any, Any, str | int]]:
    """Yield each item of an array with what it should be, and its place."""
    arguments = get_args(kind)
    is_fixed = get_origin(kind) is tuple and arguments[-1] is not Ellipsis
    for number, part in enumerate(value):
        if not is_fixed:
            yield part, arguments[0], number
        elif number < len(arguments):
            yield part, arguments[number], number


def _has_tag(kind: Any, value: Mapping[str, Any]) -> bool:
    """Return whether *value* says by its tag that it is a *kind*."""
    seen: Any = msgspec.inspect.type_info(kind)
    tag_field = getattr(seen, "tag_field", None)
    return tag_field is not None and value.get(tag_field) == seen.tag


def _read_error(error: Exception, pointer: Pointer) -> tuple[Pointer, str]:
    """Return where and what a mistake is that msgspec tells of."""
    message, _, path = str(error).partition(" - at ")
    steps = [name or number for name, number in _STEP.findall(path)]
    return (*pointer, *steps), message
