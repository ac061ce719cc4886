"""This file is the route and the mount: frozen records of what answers where."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from ..exceptions import ConfigurationError, RouteError
from ..provenance import APP, Owner, Source, format_origin
from ..record import EMPTY, field, frozen, set_field
from ..records import ExceptionHandler, Middleware
from .hosts import parse_host_template
from .options import check_number
from .template import PathTemplate, parse_template

#: A method is a token (RFC 9110 §9.1). Methods are case-sensitive; none that is in use has lower case, so it is raised.
_METHOD = re.compile(r"[A-Z][A-Z0-9!#$%&'*+.^_`|~-]*")

OnDisconnect = Literal["finish", "cancel"]
TrailingSlash = Literal["strict", "match", "redirect"]


@frozen
class Route:
    """One handler at one path.

    Attributes:
        path: The template, such as `/items/{id:int}`.
        handler: A function, a view class, or an instance of one.
        methods: Names, kept sorted and in upper case. A GET route answers HEAD too. `None` means what the view class
            has, or GET.
        name: What `url_for` knows it by; the handler's own name when left out.
        protocol: What `scope["type"]` must say.
        host: A host template such as `api.example.com` or `{tenant}.example.com`; `None` for any.
        middleware: Inside that of the routers and the app.
        exception_handlers: Asked before those of the routers and the app.
        max_body_bytes: Instead of the router's or the app's.
        on_disconnect: What happens to the handler when the client leaves: it runs to its end, or is cancelled.
        metadata: Whatever else was given with the route, for plugins to read (`tags`, `summary` …).
        replaces: Lets the app's own route take the place of a plugin's route.
        owner: Who contributed it.
        source: The line that added it.
    """

    path: str
    handler: Any
    methods: tuple[str, ...] | None = None
    name: str | None = None
    protocol: str = "http"
    host: str | None = None
    middleware: tuple[Middleware, ...] = ()
    exception_handlers: tuple[ExceptionHandler, ...] = ()
    max_body_bytes: int | None = None
    on_disconnect: OnDisconnect = "finish"
    metadata: Mapping[str, Any] = EMPTY
    replaces: bool = False
    owner: Owner = APP
    source: Source | None = None
    template: PathTemplate = field(init=False, is_shown=False)

    def __post_init__(self) -> None:
        try:
            set_field(self, "template", parse_template(self.path))
            if self.methods is not None:
                set_field(self, "methods", check_methods(self.methods))
            if self.host is not None:
                set_field(self, "host", parse_host_template(self.host).text)
            if self.on_disconnect not in ("finish", "cancel"):
                raise RouteError(f"on_disconnect is 'finish' or 'cancel', not {self.on_disconnect!r}.")
            if self.max_body_bytes is not None:
                check_number("max_body_bytes", self.max_body_bytes, "bytes")
            if self.name is not None and not isinstance(self.name, str):
                raise RouteError(f"name is a text for url_for, not {self.name!r:.100}.")
        except ConfigurationError as error:
            raise RouteError(f"{error}\n{_where(self)}") from None
        set_field(self, "metadata", MappingProxyType(dict(self.metadata)) if self.metadata else EMPTY)


@frozen
class Mount:
    """A router or an ASGI app below a prefix.

    Attributes:
        path: The prefix; it may hold parameters. `/` mounts at the root.
        app: A `Router`, a `Yaat`, or any ASGI app.
        name: Put before the names of the routes below, with a colon.
        host: As for a route.
    """

    path: str
    app: Any
    name: str | None = None
    host: str | None = None
    middleware: tuple[Middleware, ...] = ()
    owner: Owner = APP
    source: Source | None = None
    template: PathTemplate = field(init=False, is_shown=False)

    def __post_init__(self) -> None:
        try:
            set_field(self, "template", parse_prefix(self.path))
            if self.host is not None:
                set_field(self, "host", parse_host_template(self.host).text)
        except RouteError as error:
            raise RouteError(f"{error}\n{_where(self)}") from None


def parse_prefix(path: str) -> PathTemplate:
    """Return the template of a prefix, in which a slash at the end adds nothing.

    Raises:
        RouteError: It is no path, or it holds a path parameter.
    """
    template = parse_template(path)
    if template.segments[-1:] == (("",),):
        template = PathTemplate(template.segments[:-1])
    if any(parameter.converter == "path" for parameter in template.parameters):
        raise RouteError(f"The prefix {path!r} holds a path parameter, which would leave nothing to match.")
    return template


def check_methods(methods: Iterable[str] | str) -> tuple[str, ...]:
    """Return *methods* sorted and in upper case, each once.

    Raises:
        RouteError: One is no method name, or there are none.
    """
    if isinstance(methods, str):
        raise RouteError(f"methods is a list such as [{methods!r}], not the str {methods!r}.")
    if not isinstance(methods, Iterable):
        raise RouteError(f"methods is a list such as ['GET'], not {methods!r:.100}. It comes after path and handler.")
    return _sort_methods(tuple(map(str, methods)))


@lru_cache(maxsize=64)  # PERF: few combinations occur, so all routes share them (figures "memory" and "ready").
def _sort_methods(methods: tuple[str, ...]) -> tuple[str, ...]:
    """Return *methods* as `check_methods` does."""
    names = tuple(sorted({method.upper() for method in methods}))
    for name in names:
        if _METHOD.fullmatch(name) is None:
            raise RouteError(f"{name!r} is not the name of a method (RFC 9110 §9.1).")
    if not names:
        raise RouteError("methods is empty, so nothing could ever match. Leave it out for GET.")
    return names


def _where(record: Route | Mount) -> str:
    """Return the line of a message that says where *record* was added."""
    return f"It was {format_origin(record.owner, record.source)}."
