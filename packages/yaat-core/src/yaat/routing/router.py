"""This file is the router: what collects routes, mounts, middleware and exception handlers until the app is built."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from ..exceptions import AppBuilt, ConfigurationError, RouteError
from ..provenance import find_caller
from ..records import ExceptionHandler, Middleware
from .elsewhere import Familiar, MiddlewareList
from .hosts import parse_host_template
from .options import check_list, check_mapping, check_metadata, check_number
from .route import Mount, OnDisconnect, Route, check_methods, parse_prefix

H = TypeVar("H")
K = TypeVar("K")
T = TypeVar("T")


class Router(Familiar):
    """A collection of routes that can be mounted under a prefix, in any number of apps.

    Args:
        prefix: Put before every path of this router.
        middleware: Around every route of this router, inside that of whatever it is mounted in.
        exception_handlers: By status code or exception class.
        max_body_bytes: A limit for the request content of its routes; `None` takes that of what it is mounted in.
        host: A host template all of its routes are for.

    Raises:
        RouteError: *prefix* is no path, or *host* no host.
    """

    def __init__(
        self,
        prefix: str = "",
        *,
        middleware: Iterable[Any] = (),
        exception_handlers: Mapping[int | type[Exception], Callable[..., Any]] | None = None,
        max_body_bytes: int | None = None,
        host: str | None = None,
    ) -> None:
        parse_prefix(prefix)  # A mistake in it is told here, where it is.
        if max_body_bytes is not None:
            check_number("max_body_bytes", max_body_bytes, "bytes")
        self.prefix = prefix
        self.host = None if host is None else parse_host_template(host).text
        self.max_body_bytes = max_body_bytes
        self.routes: list[Route | Mount] = []
        self.middleware = MiddlewareList(map(_as_middleware, check_list("middleware", middleware)))
        self.exception_handlers: list[ExceptionHandler] = []
        #: Set by the build: from then on nothing added would take effect, so adding raises.
        self.is_built = False
        for key, handler in _list_handlers(exception_handlers):
            self.add_exception_handler(key, handler)

    # --- routes ---

    def add_route(
        self,
        path: str,
        handler: Callable[..., Any],
        methods: Iterable[str] | None = None,
        *,
        name: str | None = None,
        protocol: str = "http",
        host: str | None = None,
        middleware: Iterable[Any] = (),
        exception_handlers: Mapping[int | type[Exception], Callable[..., Any]] | None = None,
        max_body_bytes: int | None = None,
        on_disconnect: OnDisconnect = "finish",
        replaces: bool = False,
        **metadata: Any,
    ) -> None:
        """Let *handler* answer at *path*.

        Args:
            path: Begins with `/`; parameters are written `{name}` or `{name:int}`. The empty path is the prefix of
                this router as it stands, without a slash after it.
            handler: A function, a view class, or an instance of a view class.
            methods: GET when left out, or what the view class has. GET answers HEAD too, unless HEAD has a route.
            name: For `url_for`; the handler's own name when left out.
            protocol: The scope type it is for.
            host: A host template such as `{tenant}.example.com`.
            middleware: Around this route alone.
            exception_handlers: For this route alone.
            max_body_bytes: For this route alone.
            on_disconnect: `finish` lets the handler run to its end when the client leaves; `cancel` does not.
            replaces: Take the place of a plugin's route at the same path.
            metadata: Anything else, for plugins to read (`tags`, `summary` …).

        Raises:
            RouteError: The path or an option cannot be; the message names this call's line.
            AppBuilt: The app has been built already.
        """
        self._refuse_when_built(f"the route {path!r}")
        check_metadata(path, metadata)
        source = find_caller()
        self.routes.append(
            Route(
                path=path,
                handler=handler,
                methods=None if methods is None else check_methods(methods),
                name=name,
                protocol=protocol,
                host=host,
                middleware=tuple(map(_as_middleware, check_list("middleware", middleware))),
                exception_handlers=tuple(
                    ExceptionHandler(key=_check_key(key), handler=answer, source=source)
                    for key, answer in _list_handlers(exception_handlers)
                ),
                max_body_bytes=max_body_bytes,
                on_disconnect=on_disconnect,
                replaces=replaces,
                metadata=metadata,
                source=source,
            )
        )

    def route(self, path: str, methods: Iterable[str] | None = None, **options: Any) -> Callable[[H], H]:
        """Return a decorator that does `add_route` and gives the handler back untouched."""
        if not isinstance(path, str):
            raise RouteError(
                f"{getattr(path, '__qualname__', repr(path))} stands where the path should be. "
                "Write @app.route('/path'), with the path."
            )

        def add(handler: H) -> H:
            self.add_route(path, handler, methods, **options)  # type: ignore[arg-type]  # H is any callable
            return handler

        return add

    def get(self, path: str, **options: Any) -> Callable[[H], H]:
        """Route GET, and with it HEAD, to the decorated handler."""
        return self.route(path, ("GET",), **options)

    def post(self, path: str, **options: Any) -> Callable[[H], H]:
        """Route POST to the decorated handler."""
        return self.route(path, ("POST",), **options)

    def put(self, path: str, **options: Any) -> Callable[[H], H]:
        """Route PUT to the decorated handler."""
        return self.route(path, ("PUT",), **options)

    def patch(self, path: str, **options: Any) -> Callable[[H], H]:
        """Route PATCH (RFC 5789) to the decorated handler."""
        return self.route(path, ("PATCH",), **options)

    def delete(self, path: str, **options: Any) -> Callable[[H], H]:
        """Route DELETE to the decorated handler."""
        return self.route(path, ("DELETE",), **options)

    def head(self, path: str, **options: Any) -> Callable[[H], H]:
        """Route HEAD to the decorated handler, in place of the answer that GET gives."""
        return self.route(path, ("HEAD",), **options)

    def options(self, path: str, **options: Any) -> Callable[[H], H]:
        """Route OPTIONS to the decorated handler, in place of the automatic answer."""
        return self.route(path, ("OPTIONS",), **options)

    def query(self, path: str, **options: Any) -> Callable[[H], H]:
        """Route QUERY, a safe request with content, to the decorated handler."""
        return self.route(path, ("QUERY",), **options)

    def add_websocket_route(self, path: str, handler: Callable[..., Any], **options: Any) -> None:
        """Let *handler* serve WebSocket connections at *path*; needs the package yaat-websockets."""
        self.add_route(path, handler, protocol="websocket", **options)

    def websocket_route(self, path: str, **options: Any) -> Callable[[H], H]:
        """Return a decorator that does `add_websocket_route`."""
        return self.route(path, protocol="websocket", **options)

    def mount(
        self,
        prefix: Any = "",
        app: Any = None,
        *,
        router: Any = None,
        name: str | None = None,
        host: str | None = None,
        middleware: Iterable[Any] = (),
    ) -> None:
        """Put a router, another `Yaat`, or any ASGI app below *prefix*.

        Routes of routers and of other Yaat apps join this app's table, so routes beside the mount stay reachable and
        depth costs nothing. `mount(router, prefix)` and `mount(router=…, prefix=…)` are understood too.

        Args:
            prefix: Begins with `/`, or is empty for a router that has a prefix of its own.
            app: What to mount.
            router: The same as *app*.
            name: Put before the names of the routes below: `name:route`.
            host: A host template everything below is for.
            middleware: Around everything below.

        Raises:
            RouteError: *prefix* is no path, or *app* is none.
            AppBuilt: The app has been built already.
        """
        self._refuse_when_built(f"the mount {prefix!r}")
        if not isinstance(prefix, str):
            prefix, app = (app if isinstance(app, str) else ""), prefix
        target = router if app is None else app
        if not callable(target) and not isinstance(target, Router):
            raise RouteError(f"Only a Router, a Yaat or an ASGI app can be mounted, not {target!r}.")
        wrapped = tuple(_as_middleware(entry) for entry in middleware)
        mount = Mount(
            path=prefix or "/",
            app=target,
            name=name,
            host=host,
            middleware=wrapped,
            source=find_caller(),
        )
        self.routes.append(mount)

    # --- what stands around routes ---

    def add_middleware(self, factory: Any, **options: Any) -> None:
        """Put middleware around every route of this router, inside what was added before.

        Args:
            factory: As for `yaat.Middleware`, or such a record.
            options: `name`, `stage`, `before`, `after`, `protocols`; the rest goes to the factory.
        """
        self._refuse_when_built(f"the middleware {factory!r}")
        if isinstance(factory, Middleware):
            self.middleware.append(factory)
        else:
            self.middleware.append(Middleware(factory, source=find_caller(), **options))

    def add_exception_handler(self, key: int | type[Exception], handler: Callable[..., Any]) -> None:
        """Let *handler*, called with the request and the exception, answer for a status or an exception class.

        Raises:
            ConfigurationError: *key* is neither, or has a handler here already.
        """
        self._refuse_when_built(f"the exception handler for {key!r}")
        _check_key(key)
        source = find_caller()
        for other in self.exception_handlers:
            if other.key == key:
                raise ConfigurationError(
                    f"{key!r} has an exception handler already, added at {other.source}; see {source}."
                )
        self.exception_handlers.append(ExceptionHandler(key=key, handler=handler, source=source))

    def exception_handler(self, key: int | type[Exception]) -> Callable[[H], H]:
        """Return a decorator that does `add_exception_handler`."""
        _check_key(key)

        def add(handler: H) -> H:
            self.add_exception_handler(key, handler)  # type: ignore[arg-type]  # H is any callable
            return handler

        return add

    def _refuse_when_built(self, what: str) -> None:
        """Raise when nothing added now could take effect."""
        if self.is_built:
            raise AppBuilt(
                f"{what} came too late, at {find_caller()}: the app was built already, by its first request or at "
                "start-up. Add it where the app is set up, before it is served."
            )


def _check_key(key: K) -> K:
    """Return *key*, or raise when no exception could ever be looked up by it."""
    is_status = isinstance(key, int) and 300 <= key <= 599
    if not (is_status or (isinstance(key, type) and issubclass(key, Exception))):
        raise ConfigurationError(
            f"An exception handler is for a status from 300 to 599 or an Exception class, not {key!r}."
        )
    return key


def _list_handlers(handlers: Mapping[K, T] | None) -> Iterable[tuple[K, T]]:
    """Return what an option has for statuses and exceptions."""
    if handlers is None:
        return ()
    check_mapping("exception_handlers", handlers, "{404: show_missing}")
    return handlers.items()


def _as_middleware(entry: Any) -> Middleware:
    """Return *entry*, a record or a bare factory, as a record."""
    return entry if isinstance(entry, Middleware) else Middleware(entry, source=find_caller())
