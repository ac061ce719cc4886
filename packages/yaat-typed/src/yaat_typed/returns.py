"""This file is what becomes of the values that handlers declare to return: responses of that type, and of nothing more.

The law here: what is not declared is not sent, and what does not fit what is declared is a mistake of the handler.
"""

import inspect
from collections.abc import AsyncIterable, Callable, Container, Iterator
from http import HTTPStatus
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from yaat.arguments import Conversion, Output, Site
from yaat.background import RunAfterResponse
from yaat.exceptions import HandlerError, ResponseError, find_phrase
from yaat.handler import Handler
from yaat.provenance import CORE
from yaat.record import frozen, replace
from yaat.response import SILENT_STATUSES, Response
from yaat.responses import JSONResponse

from .annotation import allows_none, describe_type
from .codec import encode
from .objection import find_objection
from .restriction import find_exact, make_filter
from .schema import make_schemas
from .unresolved import refuse_unresolved

#: The types that the core makes responses of by itself, where nothing is said about what is in them.
_SAY_NOTHING = (Any, object, inspect.Signature.empty)
_LEFT_ALONE = (str, bytes, dict, list, *_SAY_NOTHING)
#: Those of final responses.
_STATUSES = frozenset(range(200, 600))

#: What the core sends them as, as far as that is known.
_MEDIA_TYPES = (
    (str, "text/plain"),
    (bytes, "application/octet-stream"),
    (dict, "application/json"),
    (list, "application/json"),
)


def resolve_return(handler: Handler, site: Site, encode: Callable[[Any], bytes] = encode) -> Conversion | None:
    """Return what becomes of the values of *handler*, or `None` for one that says nothing of interest.

    Args:
        handler: It.
        site: Where it stands.
        encode: What writes JSON.

    Raises:
        HandlerError: It declares to return what nobody can write as JSON, or a status that cannot be.
    """
    status_code = read_status(site)
    responses = _list_responses(site)
    declared, statuses = _read_declared(handler.returns, responses)
    if site.method == "" or declared is _NOTHING:
        return None
    if declared is None or (status_code in SILENT_STATUSES and status_code is not None):
        _check_silent(declared, status_code)
        return _convert_nothing(handler, status_code) if status_code is not None else None
    if declared in _LEFT_ALONE:
        return None if status_code is None else _convert_anything(declared, status_code, responses)
    refuse_unresolved(declared, "its return annotation")
    if describe_type(declared) is None:
        return None if _is_known_otherwise(declared, site) else _refuse(declared)
    seen = _Declared(handler=handler, type=declared, statuses=statuses, responses=responses, encode=encode)
    return _convert_declared(seen, status_code or 200)


def read_status(site: Site) -> int | None:
    """Return what the route says with `status_code=`.

    Raises:
        HandlerError: It is no status of a final response.
    """
    status = site.route.metadata.get("status_code") if site.route is not None else None
    if status is None:
        return None
    if not isinstance(status, int) or not 200 <= status <= 599:
        raise HandlerError(f"status_code={status!r} of its route is no status of a response. Use 200 to 599.")
    return int(status)


class _Nothing:
    """Stands for an annotation of responses alone."""


_NOTHING: Any = _Nothing


def _list_responses(site: Site) -> tuple[type, ...]:
    """Return the classes whose instances are on their way to be sent, those of other plugins included."""
    types = site.app.parts.responses.types if site.app is not None else {}
    others = [kind for kind, record in types.items() if record.owner != CORE and record.owner.plugin != "typed"]
    return (Response, RunAfterResponse, *others)


def _read_declared(returns: Any, responses: tuple[type, ...]) -> tuple[Any, Container[Any] | None]:
    """Return the type of the values that are no responses, and the statuses that they may come with, if they do.

    `User | Response` declares `User`; `tuple[User, int]` does, with a status.
    """
    if get_origin(returns) in (Union, UnionType):
        members = [each for each in get_args(returns) if not _is_response(each, responses)]
        if len(members) < len(get_args(returns)):
            left = Union[tuple(members)] if members else _NOTHING  # noqa: UP007 - known at run time alone
            return _read_declared(left, responses)
    if _is_response(returns, responses):
        return _NOTHING, None
    if get_origin(returns) is tuple and len(get_args(returns)) == 2:
        value, status = get_args(returns)
        if status is int or status is HTTPStatus or get_origin(status) is Literal:
            return _read_declared(value, responses)[0], get_args(status) or _STATUSES
    return returns, None


def _check_silent(declared: Any, status_code: int | None) -> None:
    """Raise for what could never be sent.

    Raises:
        HandlerError: Something is declared for a status without content.
    """
    if declared not in (None, *_SAY_NOTHING) and not allows_none(declared):
        raise HandlerError(
            f"it declares to return {declared!r}, but a response with the status {status_code} of its route has no "
            "content (RFC 9110 §6.4.1). Declare to return None, or give the route another status_code."
        )


def _is_response(kind: Any, responses: tuple[type, ...]) -> bool:
    """Return whether a type is one of *responses*."""
    kind = get_origin(kind) or kind
    return isinstance(kind, type) and issubclass(kind, responses)


def _is_known_otherwise(declared: Any, site: Site) -> bool:
    """Return whether the app has a response type for a class, or one that is sent in parts."""
    kind = get_origin(declared) or declared
    if _is_variable(declared):
        return True
    if not isinstance(kind, type) or kind is list:
        return False
    types = site.app.parts.responses.types if site.app is not None else {}
    return any(base in types for base in kind.__mro__) or issubclass(kind, Iterator | AsyncIterable)


def _is_variable(declared: Any) -> bool:
    """Return whether a type, or a part of it, may be any."""
    return isinstance(declared, TypeVar) or any(map(_is_variable, get_args(declared)))


def _refuse(declared: Any) -> Conversion:
    """Raise for a type that nobody can write.

    Raises:
        HandlerError: Always.
    """
    raise HandlerError(
        f"it declares to return {declared!r}, which cannot be written as JSON.{find_objection(declared)} Declare a "
        "msgspec.Struct, a dataclass, a TypedDict, an attrs class or a container of these; or a Response."
    )


# --- conversions ---


def _convert_nothing(handler: Handler, status_code: int) -> Conversion:
    """Return what makes an empty response."""

    def convert(value: Any) -> Any:
        if isinstance(value, Response):
            return value
        if isinstance(value, RunAfterResponse):
            return RunAfterResponse(convert(value.response), value.background)
        if value is not None:
            raise ResponseError(f"The handler {handler} returned {value!r:.200}, but it declares to return nothing.")
        return Response(b"", status_code)

    return Conversion(convert=convert, outputs=(_describe(status_code, None),))


def _convert_anything(declared: Any, status_code: int, responses: tuple[type, ...]) -> Conversion:
    """Return what gives the response that the core makes of a value a status."""

    def convert(value: Any) -> Any:
        if isinstance(value, RunAfterResponse):
            return RunAfterResponse(convert(value.response), value.background)
        # A page that is still to be made has a status too; the usual one is what it has unless somebody said another.
        says_other = isinstance(value, responses) and getattr(value, "status_code", 200) != 200
        return value if says_other or isinstance(value, Response | tuple) else (value, status_code)

    # Bytes as they are have no schema, and those who declare nothing have none either.
    told = _describe(status_code, declared if declared in (str, dict, list) else Any)
    media_type = next((name for kind, name in _MEDIA_TYPES if kind is declared), "*/*")
    return Conversion(convert=convert, outputs=(replace(told, media_type=media_type),))


@frozen
class _Declared:
    """What a handler declares to return.

    Attributes:
        handler: For messages.
        type: Of the values that become JSON.
        statuses: Which each may come with; `None` where they come without.
        responses: The classes of values that are left alone.
        encode: What writes JSON.
    """

    handler: Handler
    type: Any
    statuses: Container[Any] | None
    responses: tuple[type, ...]
    encode: Callable[[Any], bytes]


def _convert_declared(declared: _Declared, status_code: int) -> Conversion:
    """Return what makes a JSON response of a value of the declared type."""
    statuses, responses, encode = declared.statuses, declared.responses, declared.encode
    restrict = make_filter(declared.handler, declared.type)
    exact = find_exact(declared.type)
    settled = exact if statuses is None else None

    def convert(value: Any) -> Any:
        status = status_code
        # PERF: what is exactly what is declared needs no look (row "POST JSON into a typed model").
        if value.__class__ is not settled:
            if isinstance(value, RunAfterResponse):
                return RunAfterResponse(convert(value.response), value.background)
            is_pair = value.__class__ is tuple and len(value) == 2
            if isinstance(value[0] if is_pair else value, responses):
                return value
            if statuses is not None:
                value, status = value if is_pair else (value, status)
                if status not in statuses:
                    who = f"The handler {declared.handler}"
                    raise ResponseError(f"{who} returned the status {status!r:.200}, which it does not declare.")
            value = value if value.__class__ is exact else restrict(value)
        response = JSONResponse(value, status)
        # PERF: written now, so that the line has nothing to do but to send it (row "POST JSON into a typed model").
        response.complete(encode)
        return response

    return Conversion(convert=convert, outputs=(_describe(status_code, declared.type),))


def _describe(status_code: int, kind: Any) -> Output:
    """Return what a handler answers, for documents."""
    return Output(status_code=status_code, type=kind, description=find_phrase(status_code), make_schemas=make_schemas)
