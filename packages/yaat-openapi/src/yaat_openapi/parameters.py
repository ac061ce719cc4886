"""This file is what a client sends beside the content: the Parameter Objects of one operation."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import UnionType
from typing import Any, Union, get_args, get_origin

from yaat.arguments import Input
from yaat.provenance import CORE
from yaat.records import PathConverter
from yaat.routing.converters import MAX_INT, MIN_INT

from .definitions import Schemas
from .schema import SIMPLE, Schema, describe_converter

Parameter = dict[str, Any]

#: Where a parameter can be; content is told in another place.
PLACES = ("path", "query", "header", "cookie")
#: Headers that have a place of their own in a document, and are ignored here (OpenAPI 3.1 §4.8.12.2).
IGNORED = ("accept", "authorization", "content-type")
#: Value → what JSON has for it.
Simplify = Callable[[Any], Any]


def describe_parameters(
    converters: Mapping[str, PathConverter],
    names: Sequence[str],
    inputs: Iterable[Input],
    schemas: Schemas,
    simplify: Simplify,
) -> list[Parameter]:
    """Return the Parameter Objects of an operation: those of the path from left to right, then the others.

    Args:
        converters: What reads each parameter of the path, in its order.
        names: What the parameters of the path are called in the document, in the same order.
        inputs: What the handler takes.
        schemas: Tells the schemas of types.
        simplify: Makes JSON of a default.
    """
    given = [each for each in inputs if each.place in PLACES]
    in_path = {each.name: each for each in given if each.place == "path"}
    found = [
        _describe_path(name, converter, in_path.get(own), schemas)
        for name, (own, converter) in zip(names, converters.items(), strict=True)
    ]
    others: dict[tuple[str, str], Parameter] = {}
    for each in given:
        if each.place != "path":
            for parameter in describe_input(each, schemas, simplify):
                others.setdefault((parameter["in"], parameter["name"]), parameter)
    return [*found, *others.values()]


def describe_input(given: Input, schemas: Schemas, simplify: Simplify) -> Iterator[Parameter]:
    """Yield the parameters that one input stands for: one, or one for each field of a model."""
    schema = schemas.find(given.type, given.make_schemas)
    if given.name:
        if given.place != "header" or given.name.lower() not in IGNORED:
            yield _describe_one(given, schema or dict(given.constraints), simplify)
        return
    model = schemas.open(strip_null(schema))
    for name, part in model.get("properties", {}).items():
        is_required = given.is_required and name in model.get("required", ())
        yield _finish({"name": name, "in": given.place, "required": is_required}, fit_text(part), {})


def _describe_one(given: Input, schema: Schema, simplify: Simplify) -> Parameter:
    """Return one parameter with a name."""
    schema = fit_text({**SIMPLE.get(_bare(given.type), {}), **schema})
    if not given.is_required and given.default is not None:
        default = simplify(given.default)
        schema |= {"default": default} if default is not None else {}
    parameter = {"name": given.name, "in": given.place, "required": given.is_required}
    return _finish({**parameter, "description": given.description}, schema, given.extra)


def _describe_path(name: str, converter: PathConverter, given: Input | None, schemas: Schemas) -> Parameter:
    """Return one parameter of the path."""
    schema = describe_converter(converter)
    parameter: Parameter = {"name": name, "in": "path", "required": True}
    if converter.name == "path":
        parameter["description"] = "May contain slashes."
    if given is not None and given.make_schemas is not None:
        declared = fit_text(schemas.find(given.type, given.make_schemas) or dict(given.constraints))
        # What both say is said by the annotation, as far as they speak of the same kind of values.
        schema = {**schema, **declared} if declared.get("type") in (schema["type"], None) else declared
        parameter["description"] = given.description or parameter.get("description", "")
        return _finish(parameter, schema, given.extra)
    if converter.owner != CORE and converter.example and schema["type"] == "string":
        parameter["example"] = converter.example
    return _finish(parameter, schema, {})


def _finish(parameter: Parameter, schema: Schema, extra: Mapping[str, Any]) -> Parameter:
    """Return *parameter* with its schema, and without what says nothing."""
    description = parameter.pop("description", "") or schema.get("description", "")
    schema.pop("description", None)
    if extra.get("deprecated"):
        parameter["deprecated"] = True
    if not parameter["required"]:
        del parameter["required"]
    described = {"description": description} if description else {}
    more = {key: value for key, value in extra.items() if key in ("title", "examples") and key not in schema}
    return {**parameter, **described, "schema": {**schema, **more}}


def fit_text(schema: Schema) -> Schema:
    """Return a schema as it holds for what is written as a text.

    Nothing is null, whole numbers have 64 bits, and what is there twice in a set counts once.
    """
    schema = strip_null(schema)
    schema.pop("uniqueItems", None)
    if schema.get("type") == "integer":
        has_lower = "minimum" in schema or "exclusiveMinimum" in schema
        has_upper = "maximum" in schema or "exclusiveMaximum" in schema
        schema |= {} if has_lower else {"minimum": MIN_INT}
        schema |= {} if has_upper else {"maximum": MAX_INT}
    if isinstance(schema.get("items"), dict):
        schema["items"] = fit_text(schema["items"])
    return schema


def strip_null(schema: Schema) -> Schema:
    """Return *schema* without the null that it allows, which is a value that is left out."""
    schema = dict(schema)
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema = {**kinds[0], **schema}
    elif kinds:
        schema["anyOf"] = kinds
    if schema.get("default", ...) is None:
        del schema["default"]
    return schema


def _bare(kind: Any) -> Any:
    """Return a type without what it is annotated with and without the `None` that it allows; `object` for no class."""
    if hasattr(kind, "__metadata__"):
        return _bare(get_args(kind)[0])
    members = [each for each in get_args(kind) if each is not type(None)]
    if get_origin(kind) in (Union, UnionType) and len(members) == 1:
        return _bare(members[0])
    return kind if isinstance(kind, type) and get_origin(kind) is None else object
