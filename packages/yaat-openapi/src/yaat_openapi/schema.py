"""This file is JSON schemas: of what path converters read, and of the annotations that are simple enough to tell."""

import types
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict
from uuid import UUID

from yaat.provenance import CORE
from yaat.records import PathConverter
from yaat.routing.converters import MAX_INT_DIGITS

Schema = dict[str, Any]

_LARGEST = 10**MAX_INT_DIGITS - 1

#: What the converters of the core accept.
CONVERTERS: Mapping[str, Schema] = {
    "str": {"type": "string", "minLength": 1},
    "path": {"type": "string"},
    "int": {"type": "integer", "minimum": -_LARGEST, "maximum": _LARGEST},
    "float": {"type": "number"},
    "uuid": {"type": "string", "format": "uuid"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}

#: The types whose form in JSON does not hang on anything else (RFC 8259; JSON Schema 2020-12, "format").
SIMPLE: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    None: {"type": "null"},
    types.NoneType: {"type": "null"},
    dict: {"type": "object"},
    list: {"type": "array"},
    UUID: {"type": "string", "format": "uuid"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


def describe_converter(converter: PathConverter) -> Schema:
    """Return the schema of what *converter* reads."""
    if converter.owner == CORE and converter.name in CONVERTERS:
        return dict(CONVERTERS[converter.name])
    known = describe_annotation(converter.annotation) if converter.annotation is not None else {}
    # Whatever it makes of it: in a path it is a text.
    return known if known.get("type") in ("integer", "number", "string") else {"type": "string"}


def describe_annotation(annotation: Any, inside: tuple[Any, ...] = ()) -> Schema:
    """Return the schema of values of a type, or an empty one, which allows anything, where it cannot be told.

    Args:
        annotation: The type.
        inside: The types that it is a part of, for those that contain themselves.
    """
    if annotation is None or annotation in inside or not _is_hashable(annotation):
        return {"type": "null"} if annotation is None else {}
    if annotation in SIMPLE:
        return dict(SIMPLE[annotation])
    if is_typeddict(annotation):
        return _describe_fields(annotation, (*inside, annotation))
    return _describe_generic(get_origin(annotation), get_args(annotation), (*inside, annotation))


def _describe_generic(origin: Any, arguments: Sequence[Any], inside: tuple[Any, ...]) -> Schema:
    """Return the schema of a type with arguments, such as `list[int]`."""
    if origin is list:
        return {"type": "array", "items": describe_annotation(arguments[0], inside)}
    if origin is dict and arguments[0] is str:
        return {"type": "object", "additionalProperties": describe_annotation(arguments[1], inside)}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [describe_annotation(argument, inside) for argument in arguments]}
    return {}


def _describe_fields(kind: Any, inside: tuple[Any, ...]) -> Schema:
    """Return the schema of a `TypedDict`."""
    try:
        hints = get_type_hints(kind)
    except NameError:  # An annotation that only a type checker can resolve.
        return {"type": "object"}
    schema: Schema = {
        "title": kind.__name__,
        "type": "object",
        "properties": {name: describe_annotation(hint, inside) for name, hint in hints.items()},
    }
    required = [name for name in hints if name in kind.__required_keys__]
    return {**schema, "required": required} if required else schema


def _is_hashable(annotation: Any) -> bool:
    """Whether *annotation* can be looked up."""
    try:
        hash(annotation)
    except TypeError:
        return False
    return True
