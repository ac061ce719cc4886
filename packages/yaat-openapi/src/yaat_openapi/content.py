"""This file is what a client sends as content: the Request Body Object of one operation."""

from collections.abc import Iterable, Sequence
from typing import Any, get_args, get_origin

from yaat.arguments import Input

from .definitions import Schemas
from .parameters import Simplify, fit_text, strip_null
from .schema import Schema

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
#: A file in a form; `format` is for tools that are older than OpenAPI 3.1.
FILE: Schema = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}


def describe_content(
    inputs: Iterable[Input], schemas: Schemas, simplify: Simplify, form_types: Sequence[str]
) -> dict[str, Any]:
    """Return the Request Body Object, or an empty one for an operation that takes no content.

    Args:
        inputs: What the handler takes.
        schemas: Tells the schemas of types.
        simplify: Makes JSON of a default.
        form_types: The media types of forms that the app reads.
    """
    inputs = list(inputs)
    bodies = [each for each in inputs if each.place == "body"]
    fields = [each for each in inputs if each.place in ("form", "file")]
    if bodies:
        return _describe_body(bodies[0], schemas)
    return _describe_form(fields, schemas, simplify, form_types) if fields else {}


def _describe_body(given: Input, schemas: Schemas) -> dict[str, Any]:
    """Return content that is read as a whole."""
    schema = schemas.find(given.type, given.make_schemas) if given.type is not bytes else {}
    more = {key: value for key, value in given.extra.items() if key in ("title", "examples") and key not in schema}
    media_types = given.media_types or ("application/json",)
    content = {each: {"schema": {**schema, **more}} if schema or more else {} for each in media_types}
    described = {"description": given.description} if given.description else {}
    # Bytes may be none.
    return {**described, "required": given.is_required and given.type is not bytes, "content": content}


def _describe_form(
    fields: Sequence[Input], schemas: Schemas, simplify: Simplify, form_types: Sequence[str]
) -> dict[str, Any]:
    """Return the content of a form."""
    properties: dict[str, Schema] = {}
    required: list[str] = []
    for each in fields:
        if each.name:
            properties[each.name] = _describe_field(each, schemas, simplify)
            required += [each.name] if each.is_required else []
        else:
            model = schemas.open(strip_null(schemas.find(each.type, each.make_schemas)))
            properties |= {name: fit_text(part) for name, part in model.get("properties", {}).items()}
            required += model.get("required", ()) if each.is_required else ()
    schema: Schema = {"type": "object", "properties": properties}
    schema |= {"required": required} if required else {}
    has_file = any(each.place == "file" for each in fields)
    media_types = [MULTIPART] if has_file else [URLENCODED, *(each for each in form_types if each == MULTIPART)]
    return {"required": bool(required), "content": {each: {"schema": schema} for each in media_types}}


def _describe_field(given: Input, schemas: Schemas, simplify: Simplify) -> Schema:
    """Return the schema of one field of a form."""
    if given.place == "file":
        schema = {"type": "array", "items": dict(FILE)} if _is_list(given.type) else dict(FILE)
    else:
        schema = fit_text(schemas.find(given.type, given.make_schemas) or dict(given.constraints))
        if not given.is_required and given.default is not None:
            default = simplify(given.default)
            schema |= {"default": default} if default is not None else {}
    return {**schema, **({"description": given.description} if given.description else {})}


def _is_list(kind: Any) -> bool:
    """Return whether several files are taken."""
    return any(get_origin(each) is list for each in (kind, *get_args(kind)))
