"""This file is whole numbers that JSON writes with a fraction of nothing: `3.0` where an `int` is declared.

JSON Schema counts it among the integers (2020-12, Validation §6.1.1), so documents promise that it is taken; msgspec
refuses it. What msgspec refuses is looked at again, with these numbers made whole.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from .annotation import has_number, list_fields

#: Makes numbers whole in what JSON has given, where its type wants that.
Mend = Callable[[Any], Any]
_ARRAYS = (list, tuple, set, frozenset, Sequence)


def find_mender(kind: Any) -> Mend | None:
    """Return what mends values of a type, or `None` for one without whole numbers."""
    return _Menders().find(kind)


def make_whole(value: Any) -> Any:
    """Return a float or decimal that has no fraction as an `int`, and anything else as it is."""
    if value.__class__ is Decimal:
        # A double holds no number that would take long to write out.
        return int(value) if float(value).is_integer() else value
    return int(value) if value.__class__ is float and value.is_integer() else value


class _Menders:
    """What mends values of the types that a type is made of, by their identity: it may hold itself."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, Mend | None]] = {}

    def find(self, kind: Any) -> Mend | None:
        """Return what mends values of a type."""
        if get_origin(kind) is Annotated:
            return self.find(get_args(kind)[0])
        if kind is int or has_number(kind):
            return make_whole
        if id(kind) not in self._known:
            self._known[id(kind)] = (kind, lambda value: mend(value) if mend is not None else value)
            mend = self._make(kind)
            self._known[id(kind)] = (kind, mend)
        return self._known[id(kind)][1]

    def _make(self, kind: Any) -> Mend | None:
        """Return what mends values of a type that is made of others."""
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            return _choose(arguments, [mend for each in arguments if (mend := self.find(each)) is not None])
        fields = {name: self.find(part) for name, part in list_fields(kind).items()}
        if any(fields.values()):
            return partial(_mend_fields, fields)
        if origin is tuple and arguments[-1] is not Ellipsis:
            menders = [self.find(each) for each in arguments]
            return partial(_mend_each, menders) if any(menders) else None
        if origin in (dict, Mapping, *_ARRAYS):
            mend = self.find(arguments[-1 if origin in (dict, Mapping) else 0])
            return None if mend is None else partial(_mend_all, mend)
        return None


def _choose(members: Sequence[Any], menders: list[Mend]) -> Mend | None:
    """Return what mends values of a union of *members*: one by one, but no number that may have a fraction."""
    if any(each in members for each in (float, Decimal)):
        menders = [each for each in menders if each is not make_whole]
    return partial(_mend_one_by_one, menders) if menders else None


def _mend_one_by_one(menders: Sequence[Mend], value: Any) -> Any:
    """Return a value mended in each way; most of them leave it alone."""
    for mend in menders:
        value = mend(value)
    return value


def _mend_fields(fields: Mapping[str, Mend | None], value: Any) -> Any:
    """Return a model with some of its members mended, be it an object or an array."""
    if value.__class__ is not dict:
        return _mend_each(list(fields.values()), value)
    return value | {name: mend(value[name]) for name, mend in fields.items() if mend is not None and name in value}


def _mend_each(menders: Sequence[Mend | None], value: Any) -> Any:
    """Return an array with each of its items mended in its own way."""
    if value.__class__ is not list:
        return value
    mended = [each if mend is None else mend(each) for mend, each in zip(menders, value, strict=False)]
    return mended + value[len(mended) :]


def _mend_all(mend: Mend, value: Any) -> Any:
    """Return an array or object with all its items mended."""
    if value.__class__ is list:
        return [mend(each) for each in value]
    return {name: mend(each) for name, each in value.items()} if value.__class__ is dict else value


def leave(value: Any) -> Any:
    """Return *value*."""
    return value
