"""This file is what an annotation means: the type, its marker, and what kind of values it allows."""

import inspect
from collections.abc import Mapping
from enum import Enum
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Optional,
    Required,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import msgspec

from yaat.exceptions import HandlerError
from yaat.record import frozen

from .markers import FromState, Marker, Use
from .objection import find_foreign

_MARKERS = (Marker, FromState, Use)
_TEXTS = (
    msgspec.inspect.StrType,
    msgspec.inspect.IntType,
    msgspec.inspect.FloatType,
    msgspec.inspect.BoolType,
    msgspec.inspect.BytesType,
    msgspec.inspect.DateType,
    msgspec.inspect.TimeType,
    msgspec.inspect.DateTimeType,
    msgspec.inspect.TimeDeltaType,
    msgspec.inspect.UUIDType,
    msgspec.inspect.DecimalType,
    msgspec.inspect.EnumType,
    msgspec.inspect.LiteralType,
)
_COLLECTIONS = (
    msgspec.inspect.ListType,
    msgspec.inspect.SetType,
    msgspec.inspect.FrozenSetType,
    msgspec.inspect.VarTupleType,
    msgspec.inspect.CollectionType,
)
_MODELS = (msgspec.inspect.StructType, msgspec.inspect.DataclassType, msgspec.inspect.TypedDictType)
#: What holds other values by name or position, beside models.
_CONTAINERS = (
    msgspec.inspect.DictType,
    msgspec.inspect.NamedTupleType,
    msgspec.inspect.TupleType,
)


#: What holds anything, by what it is given in brackets.
_BUILT_IN = (list, tuple, set, frozenset, dict)
_PRESENCE = (Required, NotRequired)
#: What dataclasses, classes of attrs and named tuples have, each its own.
_MARKS = ("__dataclass_fields__", "__attrs_attrs__", "_fields")


@frozen
class Annotation:
    """What one parameter says.

    Attributes:
        type: With the constraints of the marker.
        marker: `None` where there is none.
    """

    type: Any
    marker: Any

    @property
    def is_optional(self) -> bool:
        """Whether it allows `None`."""
        return allows_none(self.type)


def read_annotation(parameter: inspect.Parameter) -> Annotation:
    """Return what *parameter* says.

    Raises:
        HandlerError: It has two markers, a marker for a default, or one that contradicts itself.
    """
    if not is_marked(parameter):
        return Annotation(type=parameter.annotation, marker=None)
    default = parameter.default
    if isinstance(default, _MARKERS):
        name = type(default).__name__
        raise HandlerError(f"its default is {name}(…). Write: {parameter.name}: Annotated[TYPE, {name}(…)]")
    kind, metadata = _split(parameter.annotation)
    markers = [each for each in metadata if isinstance(each, _MARKERS)]
    for each in metadata:
        if inspect.isclass(each) and issubclass(each, _MARKERS):
            raise HandlerError(f"it is marked with the class {each.__name__}. Write: {each.__name__}()")
    if len(markers) > 1:
        both = " and ".join(type(each).__name__ for each in markers)
        raise HandlerError(f"it has two markers, {both}. A value comes from one place.")
    others = [each for each in metadata if not isinstance(each, _MARKERS)]
    marker = markers[0] if markers else None
    if isinstance(marker, Marker):
        try:
            others.append(marker.make_meta())
        except (TypeError, ValueError) as error:
            raise HandlerError(f"its marker contradicts itself: {error}") from error
    return Annotation(type=_join(kind, others), marker=marker)


def is_marked(parameter: inspect.Parameter) -> bool:
    """Return whether *parameter* may have a marker, at a glance."""
    annotation = parameter.annotation
    is_annotated = get_origin(annotation) is Annotated or _lift(annotation) is not None
    return is_annotated or isinstance(parameter.default, _MARKERS)


def describe_type(annotation: Any) -> msgspec.inspect.Type | None:
    """Return how msgspec sees a type, or `None` for one that it cannot read values of."""
    try:
        seen = msgspec.inspect.type_info(annotation)
        msgspec.json.Decoder(annotation)  # It finds out more.
    except Exception:  # Whatever an annotation raises that is none.
        return None
    return seen if find_foreign(seen) is None else None


def is_text(seen: msgspec.inspect.Type | None) -> bool:
    """Return whether values of a type are written as one text."""
    if isinstance(seen, msgspec.inspect.Metadata):
        return is_text(seen.type)
    if isinstance(seen, msgspec.inspect.UnionType):
        return all(isinstance(each, msgspec.inspect.NoneType) or is_text(each) for each in seen.types)
    return isinstance(seen, _TEXTS)


def find_collection(seen: msgspec.inspect.Type | None) -> Any:
    """Return the collection of texts that a type is, or is beside `None`; else `None`."""
    for each in _list_members(seen):
        if isinstance(each, _COLLECTIONS) and is_text(each.item_type):
            return each
    return None


def find_model(seen: msgspec.inspect.Type | None) -> Any:
    """Return the type with named fields that a type is, or is beside `None`; else `None`."""
    members = _list_members(seen)
    return members[0] if len(members) == 1 and isinstance(members[0], _MODELS) else None


def is_content(seen: msgspec.inspect.Type | None) -> bool:
    """Return whether values of a type are what a whole content is, by their form alone."""
    return any(
        isinstance(each, (*_MODELS, *_CONTAINERS)) or (isinstance(each, _COLLECTIONS) and not is_text(each.item_type))
        for each in _list_members(seen)
    )


def is_made_as_content(annotation: Any) -> bool:
    """Return whether a type has the form of content, whether or not msgspec can read it."""
    kind = strip_none(annotation)
    plain = get_origin(kind) or kind
    return (inspect.isclass(plain) and issubclass(plain, msgspec.Struct)) or _has_fields(plain) or plain in _BUILT_IN


def _has_fields(plain: Any) -> bool:
    """Return whether a class has fields of its own, and is no `msgspec.Struct`."""
    return is_typeddict(plain) or any(hasattr(plain, name) for name in _MARKS)


def holds(annotation: Any, kinds: tuple[type, ...], inside: tuple[Any, ...] = ()) -> bool:
    """Return whether values of a type may hold one of *kinds*, at any depth."""
    if annotation in kinds:
        return True
    if any(annotation is each for each in inside):
        return False
    inside = (*inside, annotation)
    parts = [*get_args(annotation), *list_fields(annotation).values()]
    return any(holds(part, kinds, inside) for part in parts)


def has_number(kind: Any) -> bool:
    """Return whether a type is an enumeration or literal of whole numbers."""
    kind = get_args(kind)[0] if hasattr(kind, "__metadata__") else kind
    if get_origin(kind) is Literal:
        return any(isinstance(each, int) for each in get_args(kind))
    return isinstance(kind, type) and issubclass(kind, Enum) and any(isinstance(each.value, int) for each in kind)


def list_fields(kind: Any) -> dict[str, Any]:
    """Return the types of the fields of a model, by the names that they have in JSON; empty for what is no model."""
    plain = get_origin(kind) or kind
    fields: dict[str, Any] = {}
    if inspect.isclass(plain) and issubclass(plain, msgspec.Struct):
        fields = {each.encode_name: each.type for each in msgspec.structs.fields(plain)}
    elif _has_fields(plain):
        seen: Any = msgspec.inspect.type_info(plain)
        hints = _read_hints(plain)
        fields = {each.encode_name: hints.get(each.name, Any) for each in seen.fields}
    if not fields or not get_args(kind):
        return fields
    chosen = dict(zip(getattr(plain, "__parameters__", ()), get_args(kind), strict=False))
    return {name: _substitute(each, chosen) for name, each in fields.items()}


def allows_none(annotation: Any) -> bool:
    """Return whether a type is a union with `None`."""
    kind = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    return get_origin(kind) in (Union, UnionType) and type(None) in get_args(kind)


def strip_none(annotation: Any) -> Any:
    """Return a type without the `None` that it allows."""
    kind, metadata = _split(annotation)
    if not allows_none(kind):
        return annotation
    members = [each for each in get_args(kind) if each is not type(None)]
    return _join(Union[tuple(members)], list(metadata))  # noqa: UP007 - the members are known at run time alone


def _list_members(seen: msgspec.inspect.Type | None) -> list[Any]:
    """Return the types that a type is a union of, without `None` and metadata."""
    if isinstance(seen, msgspec.inspect.Metadata):
        return _list_members(seen.type)
    if isinstance(seen, msgspec.inspect.UnionType):
        return [member for each in seen.types for member in _list_members(each)]
    return [] if seen is None or isinstance(seen, msgspec.inspect.NoneType) else [seen]


def _read_hints(kind: Any) -> dict[str, Any]:
    """Return the annotations of a class and its bases, without what a `TypedDict` says of a field's being there."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: get_args(hint)[0] if get_origin(hint) in _PRESENCE else hint for name, hint in hints.items()}


def _substitute(kind: Any, chosen: Mapping[Any, Any]) -> Any:
    """Return a type with what was chosen for its type variables."""
    if isinstance(kind, TypeVar):
        return chosen.get(kind, kind)
    variables = getattr(kind, "__parameters__", ())
    return kind[tuple(chosen.get(each, each) for each in variables)] if variables else kind


def _split(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return a type, and what it is annotated with."""
    if get_origin(annotation) is Annotated:
        kind, *metadata = get_args(annotation)
        return kind, tuple(metadata)
    member = _lift(annotation)
    if member is not None:
        inner, inside = _split(member)
        return Optional[inner], inside  # noqa: UP045 - it may be a text, which knows no `|`
    return annotation, ()


def _lift(annotation: Any) -> Any:
    """Return the annotated member of a union that it makes with `None`, or `None` for any other type."""
    if get_origin(annotation) not in (Union, UnionType):
        return None
    members = [each for each in get_args(annotation) if each is not type(None)]
    is_one = len(members) == 1 and len(get_args(annotation)) == 2
    return members[0] if is_one and get_origin(members[0]) is Annotated else None


def _join(kind: Any, metadata: list[Any]) -> Any:
    """Return a type annotated with *metadata*, as far as there is some.

    What is said of `X | None` is meant for the `X`; msgspec wants it to stand there.
    """
    said = tuple(each for each in metadata if each is not None)
    members = [each for each in get_args(kind) if each is not type(None)]
    if said and allows_none(kind) and len(members) == 1:
        return Optional[Annotated[(members[0], *said)]]  # noqa: UP045 - as above
    return Annotated[(kind, *said)] if said else kind
