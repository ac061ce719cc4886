"""This file is what plugins and apps contribute, as frozen records that keep who gave them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from types import MappingProxyType
from typing import Any, Literal, get_args

from .asgi import ASGIApp
from .exceptions import MiddlewareError
from .provenance import APP, Owner, Source
from .record import frozen, set_field

Stage = Literal["edge", "observe", "errors", "transform", "security", "app"]
#: The order in which middleware stages see a request, outermost first.
STAGES: tuple[Stage, ...] = get_args(Stage)


@frozen
class Middleware:
    """Code around handlers, with its options and its place in the order.

    What *factory* may be is told apart when the app is built: a class (or instance) with `process_request` or
    `process_response`, a generator function with one `yield` (an *around*), or an ASGI class or factory that takes
    the app first.

    Args:
        factory: The class, instance or function.
        name: What `before` and `after` of others refer to; the factory's own name when left out.
        stage: Which of `STAGES` it belongs to; when left out, the one that the factory names in its attribute `stage`,
            or else `app`.
        before: Names of middleware of the same stage that come later (further in).
        after: Names of middleware of the same stage that come earlier.
        protocols: The scope types it is for.
        options: Passed to a class or factory as keyword arguments.
    """

    factory: Any
    options: Mapping[str, Any]
    name: str
    stage: Stage
    before: tuple[str, ...]
    after: tuple[str, ...]
    protocols: tuple[str, ...]
    owner: Owner
    source: Source | None

    def __init__(
        self,
        factory: Any,
        /,
        *,
        name: str | None = None,
        stage: Stage | None = None,
        before: Iterable[str] = (),
        after: Iterable[str] = (),
        protocols: Iterable[str] = ("http",),
        owner: Owner = APP,
        source: Source | None = None,
        **options: Any,
    ) -> None:
        stage = _find_stage(factory) if stage is None else stage
        if stage not in STAGES:
            raise MiddlewareError(f"Unknown middleware stage {stage!r}. The stages are: {', '.join(STAGES)}.")
        for option, names in (("before", before), ("after", after), ("protocols", protocols)):
            if isinstance(names, str) or not hasattr(names, "__iter__"):  # A text would be taken letter by letter.
                example = names if isinstance(names, str) else "cors"
                raise MiddlewareError(f"{option}= of a middleware takes a list such as [{example!r}], not {names!r}.")
        values = {
            "factory": factory,
            "options": MappingProxyType(options),
            "name": name or getattr(factory, "__name__", type(factory).__name__),
            "stage": stage,
            "before": tuple(before),
            "after": tuple(after),
            "protocols": tuple(protocols),
            "owner": owner,
            "source": source,
        }
        for field_name, value in values.items():
            set_field(self, field_name, value)


def _find_stage(factory: Any) -> Any:
    """Return the stage that *factory* names; what is no text there, such as a slot, has another meaning."""
    named = getattr(factory, "stage", None)
    return named if isinstance(named, str) else "app"


@frozen
class Lifespan:
    """An asynchronous context manager around the app's life.

    Attributes:
        name: Shown in reports and errors.
        context: Called with the app; what the context manager yields, a mapping or `None`, joins the lifespan state.
    """

    name: str
    context: Callable[[Any], AbstractAsyncContextManager[Mapping[str, Any] | None]]
    owner: Owner = APP


@frozen
class ResponseType:
    """How values of one Python type that handlers return become a response.

    Attributes:
        type: The class; its subclasses are included unless they have a record of their own.
        convert: Called with the value and the request; gives the response, or an awaitable of it.
    """

    type: type
    convert: Callable[[Any, Any], Any]
    owner: Owner = APP


@frozen
class BodyParser:
    """How request content of one media type is read by `request.form()` and `request.multipart()`.

    Attributes:
        media_type: The essence, such as `multipart/form-data`.
        parse: Called with the request; gives the parsed form. What is to be closed goes to `request.add_closer`.
        stream: Called with the request; gives its parts while they arrive. `None` where there are none.
    """

    media_type: str
    parse: Callable[[Any], Awaitable[Any]]
    stream: Callable[[Any], AsyncIterator[Any]] | None = None
    owner: Owner = APP


@frozen
class PathConverter:
    """How one kind of path parameter is read and written.

    Attributes:
        name: The word after the colon in `{id:int}`.
        parse: Text of one segment → value; raises `ValueError` when the text is not of this kind, and then the
            route does not match. It must take time linear in the text.
        format: Value → text, for `url_for`.
        annotation: The type that selects this converter for `{id}` when the handler annotates `id` with it.
        example: A text that it accepts, for documentation.
    """

    name: str
    parse: Callable[[str], Any]
    format: Callable[[Any], str] = str
    annotation: type | None = None
    example: str = ""
    owner: Owner = APP


@frozen
class ExceptionHandler:
    """What answers for a status or an exception type.

    Attributes:
        key: A status code, or an exception class (its subclasses are included).
        handler: Called with the request and the exception; gives what a handler may return.
    """

    key: int | type[Exception]
    handler: Callable[[Any, Any], Any]
    owner: Owner = APP
    source: Source | None = None


@frozen
class Protocol:
    """A scope type beyond `http` and `lifespan`, and how its connections are served.

    Attributes:
        name: What `scope["type"]` says.
        make_endpoint: Called once per route of this protocol while the app is built, with the placed route and what its
            connections work with (`yaat.endpoint.Equipment`); gives what serves a connection. Path parameters are in
            `scope["path_params"]`.
        make_fallback: Called once with such equipment; gives what serves connections to unknown paths.
        examine: Gives the `yaat.handler.Handler` of what was added to a route, where that need not be a function.
        upgrade: The token of the `Upgrade` field that leads here from HTTP (RFC 9110 §7.8): plain HTTP on a path that
            only this protocol serves is answered with 426 and this token.
    """

    name: str
    make_endpoint: Callable[[Any, Any], ASGIApp]
    make_fallback: Callable[[Any], ASGIApp]
    examine: Callable[[Any], Any] | None = None
    upgrade: str | None = None
    owner: Owner = APP


@frozen
class ParameterResolver:
    """How parameters of handlers get their values.

    Attributes:
        name: Of the kind of values, such as `query`; shown where a parameter gets none.
        resolve: Called while the app is built, for each parameter of each handler but the one for the request: with the
            `inspect.Parameter` and the `yaat.arguments.Site` of the handler. Gives a `yaat.arguments.Argument`, or
            `None` for a parameter that is not its business; raises `HandlerError` for one that is, and cannot work.
        is_fallback: Whether it is asked only for what nobody else resolves.
    """

    name: str
    resolve: Callable[[Any, Any], Any]
    is_fallback: bool = False
    owner: Owner = APP


@frozen
class ReturnConverter:
    """What becomes of the values that handlers return, by what they declare to return.

    Attributes:
        name: Shown in messages.
        resolve: Called while the app is built, for each handler: with the `yaat.handler.Handler` and its
            `yaat.arguments.Site`. Gives a `yaat.arguments.Conversion`, or `None` to leave its values alone.
    """

    name: str
    resolve: Callable[[Any, Any], Any]
    owner: Owner = APP


@frozen
class JSONCodec:
    """How JSON is written and read for the whole app.

    Attributes:
        encode: Value → UTF-8 bytes; raises `TypeError` or `ValueError` for what JSON cannot hold.
        decode: UTF-8 bytes → value; raises `ValueError` for what is not JSON (RFC 8259).
    """

    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]
    owner: Owner = APP


@frozen
class Command:
    """A command of `yaat`.

    Attributes:
        name: What is written after `yaat`: lower-case letters, digits and hyphens.
        run: Called with the app, which is built, and a list of the arguments that follow the name; gives the exit
            status, `None` for 0. A command of click is run as click does, with the app as `ctx.obj`.
        summary: One sentence for `yaat --help`.
    """

    name: str
    run: Callable[..., Any]
    summary: str = ""
    owner: Owner = APP
