"""This file is what an operation answers: what its handler returns, what its arguments lead to, and what it says.

The law here: nothing is claimed that is not known. Where a handler makes the response itself its status is not known,
so it is described under `default`.
"""

import inspect
from collections.abc import Iterable, Mapping
from copy import deepcopy
from http import HTTPStatus
from types import UnionType
from typing import Any, Literal, NotRequired, TypedDict, Union, get_args, get_origin, is_typeddict

from yaat.arguments import Output
from yaat.exceptions import find_phrase
from yaat.responses import RedirectResponse, Response, StreamResponse

from .definitions import Schemas
from .schema import make_schemas

Responses = dict[str, Any]

PROBLEM = "application/problem+json"
_DEFAULT = "What the handler answers"


class Problem(TypedDict):
    """An error, as Yaat tells it to programs (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: NotRequired[str]
    errors: NotRequired[list[dict[str, Any]]]


def describe_problem(description: str, schemas: Schemas, *, is_plain: bool = True) -> dict[str, Any]:
    """Return the response for an error that Yaat makes.

    Args:
        description: A sentence.
        schemas: Tells the schema of problem documents.
        is_plain: Whether it is as Yaat makes it; what an app makes of it instead is not known.
    """
    schema = schemas.find(Problem, make_schemas)
    content = {"content": {PROBLEM: {"schema": schema}}} if is_plain else {}
    return {"description": description, **content}


# --- what a handler returns ---


def describe_returns(returns: Any, schemas: Schemas) -> Responses:
    """Return the responses of a handler by status, as a Responses Object of OpenAPI.

    Args:
        returns: What the handler's annotation says, or `inspect.Signature.empty`.
        schemas: Tells the schemas of types.
    """
    if returns is None:
        return {"204": {"description": HTTPStatus(204).phrase}}
    value, statuses = read_statuses(returns)
    if get_origin(value) in (Union, UnionType):
        return _describe_union(get_args(value), schemas)
    content = _describe_value(value, schemas)
    if content is not None:
        return {status: {"description": _describe_status(status), "content": content} for status in statuses}
    if value is RedirectResponse:
        return {"3XX": {"description": "Redirect", "headers": {"Location": {"schema": {"type": "string"}}}}}
    media_type = _find_media_type(value)
    return {"default": {"description": _DEFAULT, **({"content": {media_type: {}}} if media_type else {})}}


def read_statuses(returns: Any) -> tuple[Any, tuple[str, ...]]:
    """Return the type of the value that is returned, and the statuses that come with it.

    `tuple[Book, Literal[200, 201]]` tells them, and `tuple[Book, int]` that they can be any.
    """
    if get_origin(returns) is tuple and len(get_args(returns)) == 2:
        value, status = get_args(returns)
        if get_origin(status) is Literal:
            return value, tuple(str(int(each)) for each in get_args(status))
        if isinstance(status, type) and issubclass(status, int):
            return value, ("default",)
    return returns, ("200",)


def _describe_union(members: Iterable[Any], schemas: Schemas) -> Responses:
    """Return the responses of a handler that returns one of several things."""
    found: Responses = {}
    for member in members:
        # None as one of several is no empty response: nothing is made of it.
        for status, response in describe_returns(object if member is type(None) else member, schemas).items():
            content = {**found.get(status, {}).get("content", {}), **response.get("content", {})}
            found[status] = {**response, "content": content} if content else response
    return found


def describe_alternatives(returns: Any, schemas: Schemas) -> Responses:
    """Return the responses that a handler may make itself, beside the values that it returns: `Book | TextResponse`."""
    if get_origin(returns) not in (Union, UnionType):
        return {}
    made = [each for each in get_args(returns) if inspect.isclass(each) and issubclass(each, Response)]
    return _describe_union(made, schemas)


def _describe_value(value: Any, schemas: Schemas) -> dict[str, Any] | None:
    """Return the content of a response that is made of a plain value, or `None` for what is none."""
    if value is str:
        return {"text/plain": {"schema": {"type": "string"}}}
    if value is bytes:
        return {"application/octet-stream": {}}
    if is_typeddict(value) or (get_origin(value) or value) in (dict, list):
        return {"application/json": {"schema": schemas.find(value)}}
    return None


def _describe_status(status: str) -> str:
    """Return the phrase of a status."""
    return find_phrase(int(status)) if status.isdigit() else _DEFAULT


def _find_media_type(returns: Any) -> str | None:
    """Return the media type that a class of responses, of the core or of a plugin, always has."""
    if not inspect.isclass(returns) or returns is inspect.Signature.empty:
        return None
    media_type = getattr(returns, "media_type", None)
    # These are given their media type one by one, unless a subclass has its own.
    if (returns is Response or issubclass(returns, StreamResponse)) and media_type in _GENERIC:
        return None
    return media_type if isinstance(media_type, str) else None


_GENERIC = (getattr(Response, "media_type", None), getattr(StreamResponse, "media_type", None))


# --- what is declared ---


def describe_outputs(outputs: Iterable[Output], schemas: Schemas) -> Responses:
    """Return the responses that resolvers and converters declare; several with one status are one."""
    found: Responses = {}
    for each in outputs:
        status = str(each.status_code)
        response = found.setdefault(status, {"description": each.description or _describe_status(status)})
        if each.media_type == PROBLEM:
            response.setdefault("content", {})[PROBLEM] = {"schema": schemas.find(Problem, make_schemas)}
        elif each.type is not None:
            schema = schemas.find(each.type, each.make_schemas)
            response.setdefault("content", {})[each.media_type] = {"schema": schema} if schema else {}
    return found


def move_status(responses: Responses, returns: Any) -> Responses:
    """Return *responses* of declared values under the statuses that the annotation of the handler tells."""
    value, statuses = read_statuses(returns)
    if value is returns or "200" not in responses:
        return responses
    rest = {status: each for status, each in responses.items() if status != "200"}
    return {status: {**responses["200"], "description": _describe_status(status)} for status in statuses} | rest


def describe_given(given: Mapping[Any, Any], known: Responses, schemas: Schemas) -> Responses:
    """Return the responses that a route names, by status.

    Args:
        given: Each a sentence, a whole Response Object, or a type.
        known: What is known without them; a sentence stands with what is known of its status.
        schemas: Tells the schemas of types.
    """
    return {str(status): _describe_one(str(status), response, known, schemas) for status, response in given.items()}


def _describe_one(status: str, response: Any, known: Responses, schemas: Schemas) -> dict[str, Any]:
    """Return one response that a route names."""
    if isinstance(response, str):
        return {**known.get(status, {}), "description": response}
    if isinstance(response, Mapping):
        return deepcopy(dict(response))
    phrase = _describe_status(status) or "As declared"
    return {"description": phrase, "content": {"application/json": {"schema": schemas.find(response)}}}
