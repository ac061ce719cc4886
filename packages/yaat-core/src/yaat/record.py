"""This file is `frozen`, which makes a class a frozen record with slots: what `dataclasses` makes, for less.

PERF: `dataclass` writes the source of six methods for each class and compiles it, which takes 0.4 ms; the core alone
has fifty. Records share the methods here instead (figure "import, CPU" of `benchmarks/startup.py`). All that the module
`dataclasses` does with its own it does with records too: `fields`, `replace`, `asdict`.
"""

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from reprlib import recursive_repr
from types import MappingProxyType
from typing import Any, ClassVar, Final, NoReturn, TypeVar, dataclass_transform

C = TypeVar("C", bound=type)
R = TypeVar("R")

#: What a field of that kind has unless something is given.
EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})

_MISSING: Final[Any] = object()


class Field:
    """What is said of one field of a record."""

    __slots__ = ("default", "init", "is_shown")

    def __init__(self, default: Any, init: bool, is_shown: bool) -> None:  # noqa: FBT001 - made by the function below
        self.default = default
        self.init = init
        self.is_shown = is_shown


def field(*, default: Any = _MISSING, init: bool = True, is_shown: bool = True) -> Any:
    """Return what stands for a field in the body of a record, where a default alone would not say enough.

    Args:
        default: What it has unless something else is given; shared by all records, so it must not change.
        init: Whether it is given; else `__post_init__` sets it, with `set_field`.
        is_shown: Whether it is part of the text of the record, and of what makes two of them equal.
    """
    return Field(default, init, is_shown)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(cls: C) -> C:
    """Return *cls* as a frozen class with slots whose fields are its annotations, given by name.

    Two records of one class are equal when their fields are, and then have one hash. `__post_init__` is called when the
    fields are set. A method that *cls* has itself stays; an `__init__` of its own sets the fields with `set_field`.
    """
    namespace = dict(vars(cls))
    del namespace["__dict__"], namespace["__weakref__"]
    given = {name: namespace.pop(name, _MISSING) for name in cls.__annotations__}
    fields = {name: each if isinstance(each, Field) else Field(each, True, True) for name, each in given.items()}
    namespace["__slots__"] = tuple(fields)
    namespace["_fields"] = fields
    namespace["_values_of"] = staticmethod(attrgetter(*(name for name, each in fields.items() if each.is_shown)))
    made: Any = type(cls)(cls.__name__, (_Record,), namespace)
    if "__init__" not in namespace:
        made.__init__ = _make_init(made, fields)
    return made  # type: ignore[no-any-return]  # it is what cls is, made anew


def set_field(self: object, name: str, value: object) -> None:
    """Set a field while a record is made."""
    object.__setattr__(self, name, value)


def replace(self: R, /, **changes: Any) -> R:
    """Return a copy of a record with *changes*."""
    fields: Mapping[str, Field] = type(self)._fields  # type: ignore[attr-defined]  # it is a record
    values = {name: getattr(self, name) for name, each in fields.items() if each.init}
    return type(self)(**{**values, **changes})


def has_field(value: object, name: str) -> bool:
    """Return whether *value* is a record, or a dataclass, with a field called *name*."""
    return name in (value._fields if isinstance(value, _Record) else getattr(value, "__dataclass_fields__", ()))


def _make_init(cls: type, fields: Mapping[str, Field]) -> Callable[..., None]:
    """Return the constructor of a record."""
    setters = {name: vars(cls)[name].__set__ for name, each in fields.items() if each.init}
    defaults = {name: fields[name].default for name in setters if fields[name].default is not _MISSING}
    finish = getattr(cls, "__post_init__", None)

    def initialise(self: Any, /, **given: Any) -> None:
        values = given if len(given) == len(setters) else defaults | given
        if len(values) != len(setters):
            raise TypeError(_explain(cls, setters, values))
        try:
            for name, value in values.items():
                setters[name](self, value)
        except KeyError:
            raise TypeError(_explain(cls, setters, values)) from None
        if finish is not None:
            finish(self)

    initialise.__qualname__ = f"{cls.__qualname__}.__init__"
    return initialise


def _explain(cls: type, names: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Return the message for fields that are unknown or missing."""
    for name in given:
        if name not in names:
            return f"{cls.__qualname__} has no field {name!r}; it takes {', '.join(names)}."
    missing = [name for name in names if name not in given]
    return f"{cls.__qualname__} needs {', '.join(missing)} as well."


class _AsDataclass:
    """What the module `dataclasses`, or `inspect`, looks for in a record; made when it does."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type) -> Any:
        # What is made of a record by inheritance has those of the record.
        cls = next((each for each in owner.__mro__ if "_fields" in vars(each)), None)
        if cls is None or (self._name == "__signature__" and vars(cls)["__init__"].__name__ != "initialise"):
            raise AttributeError(self._name)
        return getattr(_find_dataclass(cls), self._name)


class _Record:
    """What all records have."""

    __slots__ = ()
    _fields: ClassVar[Mapping[str, Field]]
    _values_of: ClassVar[Any]
    __dataclass_fields__: ClassVar[Any] = _AsDataclass()
    __dataclass_params__: ClassVar[Any] = _AsDataclass()
    __signature__: ClassVar[Any] = _AsDataclass()
    __replace__ = replace

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return bool(self._values_of(self) == self._values_of(other))

    def __hash__(self) -> int:
        return hash(self._values_of(self))

    @recursive_repr()
    def __repr__(self) -> str:
        shown = [f"{name}={getattr(self, name)!r}" for name, each in self._fields.items() if each.is_shown]
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        _refuse("assign to", name)

    def __delattr__(self, name: str) -> NoReturn:
        _refuse("delete", name)

    def __getstate__(self) -> object:
        return [getattr(self, name) for name in self._fields]

    def __setstate__(self, state: list[Any]) -> None:
        for name, value in zip(self._fields, state, strict=True):
            set_field(self, name, value)


def _refuse(what: str, name: str) -> NoReturn:
    """Raise, as `dataclasses` does for what is frozen."""
    from dataclasses import FrozenInstanceError  # noqa: PLC0415  # PERF: see the head of this file

    raise FrozenInstanceError(f"cannot {what} field {name!r}")


@cache
def _find_dataclass(cls: Any) -> Any:
    """Return a dataclass with the fields of a record."""
    import dataclasses  # noqa: PLC0415  # PERF: see the head of this file
    import inspect  # noqa: PLC0415  # PERF: see the head of this file

    namespace: dict[str, Any] = {"__annotations__": cls.__annotations__, "__module__": cls.__module__}
    for name, each in cls._fields.items():
        options: dict[str, Any] = {"init": each.init, "repr": each.is_shown, "compare": each.is_shown}
        if each.default is not _MISSING:
            options["default_factory"] = lambda default=each.default: default
            if type(each.default).__hash__ is not None:
                options["default"] = options.pop("default_factory")()
        namespace[name] = dataclasses.field(**options)
    made: Any = dataclasses.dataclass(frozen=True, kw_only=True)(type(cls.__name__, (), namespace))
    made.__signature__ = inspect.signature(made)
    return made
