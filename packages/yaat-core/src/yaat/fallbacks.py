"""This file is what answers where no route does: for unknown paths, wrong methods, and the other form of a path."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from .asgi import Scope
from .error_response import make_bare_response, make_error_response
from .exceptions import HTTPException, MethodNotAllowed, NotFound
from .response import Response
from .responses import RedirectResponse
from .routing.table import forget_notes, split_path
from .url import find_path


class Table(Protocol):
    """What is asked of the tables of a protocol."""

    def has(self, scope: Scope, method: str) -> bool:
        """Return whether anything but a fallback serves *scope*."""


async def offer_upgrade(
    upgrades: Mapping[str, Table], otherwise: Callable[[Any], Awaitable[Response]], request: Any
) -> Response:
    """Answer as *otherwise* does, unless a route of another protocol is there.

    Args:
        upgrades: The routes of protocols that HTTP can be upgraded to, by the token that asks for it.

    Raises:
        HTTPException: 426, with `Upgrade`, where only another protocol is served (RFC 9110 §15.5.22).
    """
    # HTTP/2 and later know no Upgrade field (RFC 9113 §8.6).
    if request.scope.get("yaat.allow") is None and request.scope.get("http_version", "1.1") < "2":
        for token, table in upgrades.items():
            if table.has(request.scope, ""):
                fields = {"Upgrade": token, "Connection": "Upgrade"}
                raise HTTPException(426, f"Only connections of the protocol {token!r} are served here.", fields)
    return await otherwise(request)


async def raise_missing(request: Any) -> Response:
    """Answer OPTIONS; raise for any other request that no route matches.

    Raises:
        NotFound: Nothing is at this path.
        MethodNotAllowed: Something is, for other methods.
        Exception: What a path converter has raised, other than that it does not match.
    """
    allow = request.scope.get("yaat.allow")
    if allow is None:
        raise NotFound
    if not allow:
        raise request.scope["yaat.error"]
    if request.method == "OPTIONS":
        return Response(b"", 204, {"allow": allow})
    raise MethodNotAllowed(allow)


async def answer_missing(request: Any) -> Response:
    """Answer a request that no route matches, where nobody wants to answer the exception.

    PERF: the same as `raise_missing` without an exception, which would cost as much again (row "404 / 405").
    """
    allow = request.scope.get("yaat.allow")
    if allow is None:
        return make_bare_response(request, 404)
    if not allow or request.method == "OPTIONS":
        return await raise_missing(request)
    error = MethodNotAllowed(allow)
    return make_error_response(request, 405, error.detail, error.headers)


class _ReadyResponse(Response):
    """A response whose headers were put together before.

    Args:
        response: What it is a copy of; nobody changes that any more.
    """

    __slots__ = ("_ready",)
    sends_itself = False  # Its headers are a list of its own, so the line asks `make_fields` for them.

    def __init__(self, response: Response) -> None:
        self.raw_body = response.body
        self.status_code = response.status_code
        self.background = None
        self._fields = response.headers.raw
        self._ready = response.make_fields(len(response.body))

    def make_fields(self, length: int | None) -> list[tuple[bytes, bytes]]:
        """Return the headers; the server may keep or change them, so they are a list of their own."""
        return self._ready.copy()


class ReadyAnswers:
    """Answers 404 and 405 with responses that were made before; for where nobody sees them who could change them.

    PERF: a scan that tries one path after the other asks for nothing else (row "404 / 405").

    Args:
        otherwise: Answers any request that no route matches.
    """

    __slots__ = ("_otherwise", "_ready")

    def __init__(self, otherwise: Callable[[Any], Awaitable[Response]]) -> None:
        self._otherwise = otherwise
        #: By the Accept field, and for 405 the Allow field too.
        self._ready: dict[bytes | tuple[bytes | None, str] | None, Response] = {}

    async def answer(self, request: Any) -> Response:
        """Answer a request that no route matches."""
        scope = request.scope
        method = scope["method"]
        if method == "HEAD" or method == "OPTIONS":  # noqa: PLR1714  # PERF: as quick as it gets
            return await self._otherwise(request)
        accept: bytes | None = None
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = value if accept is None else accept + b"," + value
        key = (accept, scope["yaat.allow"]) if "yaat.allow" in scope else accept
        response = self._ready.get(key)
        if response is None:
            response = await self._otherwise(request)
            if len(accept or b"") < 512 and len(self._ready) < 256:
                self._ready[key] = _ReadyResponse(response)
        return response


async def answer_redirect(request: Any) -> Response:
    """Send a request to the other form of its path; method, content and query stay (RFC 9110 §15.4.9)."""
    scope = request.scope
    path = find_path(scope)
    location = path[:-1] if path.endswith("/") else f"{path}/"
    query = scope.get("query_string", b"").decode("latin-1")
    return RedirectResponse(f"{location}?{query}" if query else location, 308)


def enter_mount(scope: Scope, *, depth: int) -> Scope:
    """Return the scope that a mounted ASGI app sees: its prefix has moved into `root_path` (ASGI spec, "HTTP").

    Args:
        depth: How many segments the prefix has.
    """
    inner = {**scope, "path_params": dict(scope.get("path_params", {}))}
    prefix = "".join(f"/{segment}" for segment in split_path(scope)[:depth])
    inner["root_path"] = (scope.get("root_path") or "").rstrip("/") + prefix
    forget_notes(inner)  # They are about this app's routes.
    return inner
