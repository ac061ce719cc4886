"""This file is one operation: what one method of one route takes and answers."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from yaat.exceptions import ConfigurationError
from yaat.handler import find_function
from yaat.json_codec import decode_json, encode_json
from yaat.provenance import CORE
from yaat.record import frozen

from .content import describe_content
from .definitions import Schemas
from .docstring import SILENT, Docstring, merge_docstring, read_docstring
from .errors import has_plain_error, list_raised
from .limits import find_limit, format_bytes
from .parameters import describe_parameters
from .path import DocumentPath
from .responses import (
    Responses,
    describe_alternatives,
    describe_given,
    describe_outputs,
    describe_problem,
    describe_returns,
    move_status,
)
from .security import read_requirements

#: What the document reads of the metadata of a route, and what it must be.
METADATA: Mapping[str, tuple[tuple[type, ...], str]] = {
    "tags": ((list, tuple), 'a list such as ["books"]'),
    "summary": ((str,), "a text"),
    "description": ((str,), "a text in CommonMark"),
    "operation_id": ((str,), "a text"),
    "deprecated": ((bool,), "True or False"),
    "has_schema": ((bool,), "True, or False to leave the route out of all documents"),
    "documents": ((list, tuple), 'a list of the documents that it is in, such as ["internal"]'),
    "responses": ((Mapping,), 'a mapping of statuses such as {404: "There is no such book"}'),
    "raises": ((list, tuple), "a list of exceptions such as [NotFound]"),
    "security": ((list, tuple), 'a list of security schemes such as ["bearer"]'),
    "openapi": ((Mapping,), "a mapping that is merged into the operation"),
}

Operation = dict[str, Any]


@frozen
class Surroundings:
    """What an operation hangs on beside its route.

    Attributes:
        encode: How the app writes JSON, for defaults.
        form_types: The media types of forms that the app reads.
    """

    encode: Callable[[Any], bytes] = encode_json
    form_types: Sequence[str] = ()

    def simplify(self, value: Any) -> Any:
        """Return what JSON has for *value*, or `None` where it has nothing."""
        try:
            return decode_json(self.encode(value))
        except (TypeError, ValueError):
            return None


@frozen
class Subject:
    """What is described: one method of a route.

    Attributes:
        route: What the report of the build says of the route.
        method: In upper case; empty for another protocol than HTTP.
        operation_id: Its name in the whole document.
        path: Under which it stands there; the names of parameters are taken from it.
        told: What the docstring of its handler says.
    """

    route: Any
    method: str
    operation_id: str
    path: DocumentPath
    told: Docstring


def check_metadata(route: Any) -> None:
    """Raise for metadata that the document would misread.

    Raises:
        ConfigurationError: A value is of the wrong kind; the message names the route and its line.
    """
    for name, (kinds, words) in METADATA.items():
        value = route.metadata.get(name)
        if value is not None and not isinstance(value, kinds):
            raise ConfigurationError(f"{name}={value!r:.100} of {name_route(route)} is not understood. It is {words}.")


def name_route(route: Any) -> str:
    """Return a route for messages."""
    return f"the route {route.path}, added at {route.source}"


def read_told(route: Any, method: str) -> Docstring:
    """Return what the docstring of the handler for one method of a route says.

    Raises:
        ConfigurationError: It cannot be understood.
    """
    text = inspect.getdoc(find_function(route.handlers[method].handler.function))
    return read_docstring(text, name_route(route)) if text else SILENT


def describe_operation(subject: Subject, schemas: Schemas, surroundings: Surroundings) -> Operation:
    """Return the Operation Object of one method of a route.

    Args:
        subject: It.
        schemas: Tells the schemas of types.
        surroundings: What it hangs on.

    Raises:
        ConfigurationError: Something that the route says cannot be understood.
    """
    route, method, path, told = subject.route, subject.method, subject.path, subject.told
    entry = route.handlers[method]
    metadata = route.metadata
    simplify = surroundings.simplify
    inputs = entry.binding.inputs if entry.binding is not None else ()
    operation: Operation = {
        "tags": list(metadata.get("tags") or ()),
        "summary": metadata.get("summary", told.summary or put_in_words(subject.operation_id)),
        "description": metadata.get("description", told.description),
        "operationId": subject.operation_id,
        "parameters": describe_parameters(entry.converters, path.names, inputs, schemas, simplify),
        "requestBody": describe_content(inputs, schemas, simplify, surroundings.form_types) if method else {},
        "deprecated": metadata.get("deprecated", False),
        "servers": describe_host(route.host),
    }
    operation = {name: value for name, value in operation.items() if value}
    _describe_arguments(operation, told.arguments, entry.binding)
    if "security" in metadata:
        operation["security"] = read_requirements(metadata["security"])
    if method:
        operation["responses"] = describe_responses(route, entry, schemas, has_content="requestBody" in operation)
    operation = merge_docstring(operation, told, metadata, path.names)
    if metadata.get("openapi"):
        more = deepcopy(dict(metadata["openapi"]))  # Plugins may change it.
        named = {str(status): each for status, each in more.get("responses", {}).items()}
        operation |= {**more, "responses": operation.get("responses", {}) | named} if named else more
    if "responses" in operation:
        operation["responses"] = dict(sorted(operation["responses"].items(), key=lambda item: str(item[0])))
    return operation


def _describe_arguments(operation: Operation, told: Mapping[str, str], binding: Any) -> None:
    """Put what the docstring says of arguments where they are described, unless they say something themselves."""
    bound = {} if binding is None or not told else binding.parameters
    names = {
        (each.place, each.name): name
        for name, one in bound.items()
        for each in (one.argument.inputs if one.argument is not None and len(one.argument.inputs) == 1 else ())
    }
    for parameter in operation.get("parameters", ()) if told else ():
        key = parameter["in"], parameter["name"]
        text = told.get(names.get(key, parameter["name"] if parameter["in"] == "path" else ""), "")
        if text and "description" not in parameter:
            parameter |= {"description": text, "schema": parameter.pop("schema")}
    text = told.get(names.get(("body", ""), ""), "")
    if text and "requestBody" in operation:
        operation["requestBody"] = {"description": text, **operation["requestBody"]}


def put_in_words(name: str) -> str:
    """Return the name of an operation as its summary, for one that nobody has described: `list_books`, "List books"."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_+", " ", name).strip()
    return words[:1].upper() + words[1:].lower()


def describe_responses(route: Any, entry: Any, schemas: Schemas, *, has_content: bool) -> Responses:
    """Return the responses of an operation."""
    binding, metadata = entry.binding, route.metadata
    converted = None if binding is None or binding.returns is None else binding.returns[1].outputs
    if converted:
        found = move_status(describe_outputs(converted, schemas), entry.handler.returns)
        found |= describe_alternatives(entry.handler.returns, schemas)
    else:
        found = describe_returns(entry.handler.returns, schemas)
    errors = {
        str(status): describe_problem(sentence, schemas)
        for status, sentence in list_errors(route, entry, has_content=has_content).items()
    }
    outputs = [] if binding is None else [each for each in binding.outputs if each not in (converted or ())]
    errors |= describe_outputs(outputs, schemas)
    for status, response in errors.items():
        if status.isdigit() and not has_plain_error(route, int(status)):
            response.pop("content", None)
    if "content" in found.get("default", {}) and has_plain_error(route, 500):
        # It stands for whatever else is answered, errors included.
        found["default"]["content"] |= describe_problem("", schemas)["content"]
    known = {**found, **errors}
    return known | describe_given(metadata.get("responses") or {}, known, schemas)


def list_errors(route: Any, entry: Any, *, has_content: bool) -> dict[int, str]:
    """Return the errors that a route leads to by itself, each with a sentence: by its path, its limit, and its options.

    Args:
        route: What the report of the build says of the route.
        entry: Of that, what it says of the handler.
        has_content: Whether the handler takes content.
    """
    told = {404: "Nothing is at this path"} if _can_miss(entry.converters) else {}
    if entry.binding is not None and any(each.place in ("form", "file") for each in entry.binding.inputs):
        told |= {400: "The form is malformed", 415: "The content is no form"}
    limit = find_limit(route) if has_content else None
    if limit is not None:
        told[413] = f"The content is larger than {format_bytes(limit)}"
    return told | list_raised(route.metadata.get("raises") or (), name_route(route))


def _can_miss(converters: Mapping[str, Any]) -> bool:
    """Return whether a path of this form may be none of the route's, because a parameter is of another kind."""
    return any(each.owner != CORE or each.name not in ("str", "path") for each in converters.values())


def describe_host(host: str | None) -> list[dict[str, Any]]:
    """Return the Server Objects of a route that is for one host only."""
    if host is None:
        return []
    server: dict[str, Any] = {"url": f"//{host}"}
    names = re.findall(r"\{(\w+)\}", host)
    if names:
        server["variables"] = {name: {"default": name} for name in names}
    return [server]
