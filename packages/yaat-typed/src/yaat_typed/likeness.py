"""This file is types with the form of declared ones, whose values are made without running code of the user's classes.

What a handler returns has been made already: were it made again, `__post_init__` would change it for a second time.
"""

import inspect
from types import UnionType
from typing import Annotated, Any, ForwardRef, Literal, Union, get_args, get_origin

import msgspec
from msgspec import UNSET, UnsetType

from .annotation import list_fields


def make_likeness(kind: Any) -> Any:
    """Return a type like *kind* with a plain structure in place of every model, which knows the declared fields alone.

    It takes what `msgspec.to_builtins` gives, wider models too.
    """
    likenesses = _Likenesses()
    made = likenesses.find(kind)
    likenesses.tie()
    return made


class _Likenesses:
    """The likenesses of the models that a type is made of, by their identity: it may hold itself.

    Attributes:
        made: Each after the model, by the name that the others have for it.
    """

    def __init__(self) -> None:
        self.made: dict[str, tuple[Any, Any]] = {}

    def find(self, kind: Any) -> Any:
        """Return what is like a type, or its name while it is being made."""
        origin, arguments, fields = get_origin(kind), get_args(kind), list_fields(kind)
        if origin is Literal or not (arguments or fields):
            return kind
        if origin is Annotated:
            return Annotated[(self.find(arguments[0]), *kind.__metadata__)]
        if origin in (Union, UnionType):
            return Union[tuple(map(self.find, arguments))]  # noqa: UP007 - known at run time alone
        if fields and hasattr(origin or kind, "_fields"):
            return tuple[tuple(map(self.find, fields.values()))]  # type: ignore[misc]  # known at run time alone
        if fields:
            return self._find_model(kind, fields)
        # The structures have no hash.
        array = list if origin in (set, frozenset) else origin
        return array[tuple(each if each is Ellipsis else self.find(each) for each in arguments)]

    def tie(self) -> None:
        """Let each find the others by their names, as msgspec looks them up."""
        likenesses = {name: likeness for name, (_, likeness) in self.made.items()}
        for likeness in likenesses.values():
            for name, other in likenesses.items():
                setattr(likeness, name, other)

    def _find_model(self, kind: Any, fields: dict[str, Any]) -> Any:
        """Return what is like a model."""
        for name, (other, likeness) in self.made.items():
            if other is kind or other == kind:
                return ForwardRef(name) if likeness is None else likeness
        name = f"likeness_{len(self.made)}"
        self.made[name] = (kind, None)
        likeness = self._make(kind, fields)
        self.made[name] = (kind, likeness)
        return likeness

    def _make(self, kind: Any, fields: dict[str, Any]) -> Any:
        """Return a structure with the fields of a model."""
        plain = get_origin(kind) or kind
        seen: Any = msgspec.inspect.type_info(plain)
        options: dict[str, Any] = {}
        if inspect.isclass(plain) and issubclass(plain, msgspec.Struct):
            config = plain.__struct_config__
            options = {each: getattr(config, each) for each in ("tag", "tag_field", "omit_defaults", "array_like")}
        parts, names = [], {}
        for number, (each, (name, part)) in enumerate(zip(seen.fields, fields.items(), strict=True)):
            names[f"field_{number}"] = name
            parts.append((f"field_{number}", *self._make_field(each, part)))
        return msgspec.defstruct(plain.__name__, parts, rename=names, kw_only=not options.get("array_like"), **options)

    def _make_field(self, seen: Any, part: Any) -> tuple[Any, Any]:
        """Return the type and the default of one field; one that may be left out is, where nothing stands in for it."""
        found = self.find(part)
        said = {name: getattr(seen, name) for name in ("default", "default_factory")}
        said = {name: value for name, value in said.items() if value is not msgspec.NODEFAULT and value is not UNSET}
        if seen.required or said:
            return found, msgspec.field(**said)
        return Union[found, UnsetType], UNSET  # noqa: UP007 - known at run time alone
