"""This file is JSON schemas: of what path converters read, and of the annotations that are simple enough to tell."""

import types
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict
from uuid import UUID

from yaat.provenance import CORE
from yaat.records import PathConverter
from yaat.routing.converters import MAX_INT, MIN_INT

Schema = dict[str, Any]

#: What the converters of the core accept.
CONVERTERS: Mapping[str, Schema] = {
    "str": {"type": "string", "minLength": 1},
    "path": {"type": "string"},
    "int": {"type": "integer", "minimum": MIN_INT, "maximum": MAX_INT},
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
    time: {"type": "string", "format": "time"},
    datetime: {"type": "string", "format": "date-time"},
}


def describe_converter(converter: PathConverter) -> Schema:
    """Return the schema of what *converter* reads."""
    if converter.owner == CORE and converter.name in CONVERTERS:
        return dict(CONVERTERS[converter.name])
    known = describe_annotation(converter.annotation) if converter.annotation is not None else {}
    # Whatever it makes of it: in a path it is a text.
    return known if known.get("type") in ("integer", "number", "string") else {"type": "string"}


def make_schemas(kinds: Sequence[Any], ref_template: str) -> tuple[list[Schema], dict[str, Schema]]:
    """Return a schema for each of *kinds*, and the components that they refer to, by name.

    It is for apps in which nothing else tells what types look like: see `yaat.arguments.Input`.
    """
    names = name_models(find_models(kinds))
    refer = {id(model): {"$ref": ref_template.format(name=name)} for name, model in names.items()}
    schemas = [describe_annotation(kind, refer) for kind in kinds]
    return schemas, {name: _describe_fields(model, refer) for name, model in names.items()}


def name_models(models: Iterable[Any]) -> dict[str, Any]:
    """Return models by what they are called; those of one name by their module too."""
    by_name: dict[str, list[Any]] = {}
    for model in models:
        by_name.setdefault(model.__name__, []).append(model)
    return {
        name if len(alike) == 1 else f"{model.__module__}.{model.__qualname__}".replace("<locals>", "locals"): model
        for name, alike in by_name.items()
        for model in alike
    }


def find_models(kinds: Iterable[Any]) -> list[Any]:
    """Return the types with named fields in *kinds*, those inside others included, each once."""
    found: list[Any] = []
    pending = list(kinds)
    while pending:
        kind = pending.pop(0)
        if is_typeddict(kind) and not any(kind is other for other in found):
            found.append(kind)
            with suppress(NameError):  # As in `_describe_fields`.
                pending += get_type_hints(kind).values()
        pending += get_args(kind)
    return found


def describe_annotation(annotation: Any, refer: Mapping[int, Schema] = types.MappingProxyType({})) -> Schema:
    """Return the schema of values of a type, or an empty one, which allows anything, where it cannot be told.

    Args:
        annotation: The type.
        refer: How one refers to a model, by its `id`.
    """
    if id(annotation) in refer:
        return dict(refer[id(annotation)])
    if get_origin(annotation) is Annotated:
        return describe_annotation(get_args(annotation)[0], refer)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return {"title": annotation.__name__, "enum": [each.value for each in annotation]}
    if annotation is None or isinstance(annotation, type):
        return dict(SIMPLE.get(annotation, {}))
    return _describe_generic(get_origin(annotation), get_args(annotation), refer)


def _describe_generic(origin: Any, arguments: Sequence[Any], refer: Mapping[int, Schema]) -> Schema:
    """Return the schema of a type with arguments, such as `list[int]`."""
    if origin is list:
        return {"type": "array", "items": describe_annotation(arguments[0], refer)}
    if origin is dict and arguments[0] is str:
        values = describe_annotation(arguments[1], refer)
        return {"type": "object", "additionalProperties": values} if values else {"type": "object"}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [describe_annotation(argument, refer) for argument in arguments]}
    return {}


def _describe_fields(kind: Any, refer: Mapping[int, Schema]) -> Schema:
    """Return the schema of a `TypedDict`."""
    try:
        hints = get_type_hints(kind)
    except NameError:  # One of them is known to type checkers alone.
        return {"title": kind.__name__, "type": "object"}
    schema: Schema = {
        "title": kind.__name__,
        "type": "object",
        "properties": {name: describe_annotation(hint, refer) for name, hint in hints.items()},
    }
    required = [name for name in hints if name in kind.__required_keys__]
    return {**schema, "required": required} if required else schema
