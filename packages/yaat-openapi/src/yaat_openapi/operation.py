"""This file is one operation: what one method of one route takes and answers."""

import inspect
import re
from collections.abc import Mapping, Sequence
from typing import Any

from yaat.exceptions import ConfigurationError
from yaat.provenance import CORE
from yaat.records import PathConverter

from .path import DocumentPath
from .responses import describe_given, describe_returns
from .schema import describe_converter

#: What the document reads of the metadata of a route, and what it must be.
METADATA: Mapping[str, tuple[tuple[type, ...], str]] = {
    "tags": ((list, tuple), 'a list such as ["books"]'),
    "summary": ((str,), "a text"),
    "description": ((str,), "a text in CommonMark"),
    "operation_id": ((str,), "a text"),
    "deprecated": ((bool,), "True or False"),
    "has_schema": ((bool,), "True, or False to leave the route out of the document"),
    "responses": ((Mapping,), 'a mapping of statuses such as {404: "There is no such book"}'),
    "openapi": ((Mapping,), "a mapping that is merged into the operation"),
}

Operation = dict[str, Any]


def check_metadata(route: Any) -> None:
    """Raise for metadata that the document would misread.

    Raises:
        ConfigurationError: A value is of the wrong kind; the message names the route and its line.
    """
    for name, (kinds, words) in METADATA.items():
        value = route.metadata.get(name)
        if value is not None and not isinstance(value, kinds):
            raise ConfigurationError(
                f"{name}={value!r:.100} of the route {route.path}, added at {route.source}, is not understood. "
                f"It is {words}."
            )


def describe_operation(route: Any, method: str, *, operation_id: str, path: DocumentPath) -> Operation:
    """Return the Operation Object of one method of a route.

    Args:
        route: What the report of the build says of the route.
        method: In upper case; empty for another protocol than HTTP.
        operation_id: Its name in the whole document.
        path: Under which it stands there; the names of parameters are taken from it.
    """
    entry = route.handlers[method]
    metadata = route.metadata
    summary, description = split_docstring(inspect.getdoc(entry.handler.function))
    operation = {
        "tags": list(metadata.get("tags") or ()),
        "summary": metadata.get("summary", summary),
        "description": metadata.get("description", description),
        "operationId": operation_id,
        "parameters": describe_parameters(entry.converters, path.names),
        "deprecated": metadata.get("deprecated", False),
        "servers": describe_host(route.host),
    }
    operation = {name: value for name, value in operation.items() if value}
    if method:
        given = describe_given(metadata.get("responses") or {})
        operation["responses"] = {**describe_returns(entry.handler.returns), **given}
    return {**operation, **(metadata.get("openapi") or {})}


def describe_parameters(converters: Mapping[str, PathConverter], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the Parameter Objects of a path.

    Args:
        converters: What reads each parameter, in the order of the path.
        names: What the parameters are called in the document, in the same order.
    """
    return [_describe_parameter(name, converter) for name, converter in zip(names, converters.values(), strict=True)]


def _describe_parameter(name: str, converter: PathConverter) -> dict[str, Any]:
    """Return one Parameter Object."""
    schema = describe_converter(converter)
    parameter: dict[str, Any] = {"name": name, "in": "path", "required": True, "schema": schema}
    if converter.name == "path":
        parameter["description"] = "May contain slashes."
    elif converter.owner != CORE and converter.example and schema["type"] == "string":
        parameter["example"] = converter.example
    return parameter


def describe_host(host: str | None) -> list[dict[str, Any]]:
    """Return the Server Objects of a route that is for one host only."""
    if host is None:
        return []
    server: dict[str, Any] = {"url": f"//{host}"}
    names = re.findall(r"\{(\w+)\}", host)
    if names:
        server["variables"] = {name: {"default": name} for name in names}
    return [server]


def split_docstring(text: str | None) -> tuple[str, str]:
    """Return the first paragraph of a docstring in one line, and the rest of it."""
    first, _, rest = (text or "").strip().partition("\n\n")
    return " ".join(first.split()), rest.strip()
