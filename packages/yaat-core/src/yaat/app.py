"""This file is the front door: `Yaat`, which is set up by decorators and plugins, built once, and then serves."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from .asgi import ASGIApp, Receive, Scope, Send
from .background import BackgroundRunner, ErrorHook
from .connection import DEFAULT_MAX_BODY_BYTES
from .lifespan import LifespanRunner, make_user_lifespan, refuse_startup
from .parts import Parts, collect_parts
from .plugins import BrokenPlugin, PluginErrors, PluginManager, PluginOptions, blame_plugins, excuse
from .plugins.options import OnPluginError
from .records import PathConverter
from .report import BuildReport
from .routing.options import check_choice, check_function, check_functions, check_list, check_number
from .routing.route import Mount, Route, TrailingSlash
from .routing.router import Router
from .state import State
from .threads import DEFAULT_MAX_THREADS, ThreadLimiter
from .url import URL

F = TypeVar("F", bound=Callable[..., Any])


class Yaat(Router):
    """A web app: an ASGI 3 app to a server, a router to its author, and itself mountable in another.

    Args:
        debug: Show the source of unexpected errors to whoever asks. Never where others can reach the app.
        plugins: Instances, names of installed plugins, or modules with hooks.
        autoload: Whether the plugins of installed packages join in.
        block: Names of plugins to leave out; wins over everything.
        settings: For plugins loaded by name: their keyword arguments, by name.
        required_plugins: Names, with version ranges if wanted (`auth>=2.1`), that must be active.
        on_plugin_error: `warn` leaves out an autoloaded plugin that cannot be loaded; `raise` stops the build.
        middleware: Classes, functions or `Middleware` records, outermost first.
        exception_handlers: By status code or exception class.
        on_startup: Called in order before the first request; plain or asynchronous.
        on_shutdown: Called in order after the last request.
        lifespan: An asynchronous generator function; what it yields is `request.state`.
        converters: More path converters.
        trailing_slash: `strict` tells `/x` and `/x/` apart, `match` does not, `redirect` sends one to the other.
        max_body_bytes: Larger request content is refused with 413.
        max_threads: For plain (not asynchronous) handlers.
        on_background_error: Called with a background task and what it raised.
        background_grace_seconds: How long a shutdown waits for background work.
    """

    if TYPE_CHECKING:

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            """Serve one connection (ASGI 3)."""
    else:
        # PERF: Python looks this name up in the class; a slot there lets each app be called as what its build has made,
        # with no frame in between (ADR 11; row "5 ASGI middleware").
        __slots__ = ("__call__",)

    manager: PluginManager
    parts: Parts

    def __init__(
        self,
        *,
        debug: bool = False,
        plugins: Iterable[Any] = (),
        autoload: bool = True,
        block: Iterable[str] = (),
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        required_plugins: Iterable[str] = (),
        on_plugin_error: OnPluginError = "raise",
        middleware: Iterable[Any] = (),
        exception_handlers: Mapping[int | type[Exception], Callable[..., Any]] | None = None,
        on_startup: Iterable[Callable[..., Any]] = (),
        on_shutdown: Iterable[Callable[..., Any]] = (),
        lifespan: Any = None,
        converters: Iterable[PathConverter] = (),
        trailing_slash: TrailingSlash = "strict",
        max_body_bytes: int = DEFAULT_MAX_BODY_BYTES,
        max_threads: int = DEFAULT_MAX_THREADS,
        on_background_error: ErrorHook | None = None,
        background_grace_seconds: float = 5.0,
    ) -> None:
        check_choice("debug", debug, (True, False))
        check_choice("autoload", autoload, (True, False))
        check_choice("trailing_slash", trailing_slash, get_args(TrailingSlash))
        check_number("max_body_bytes", max_body_bytes, "bytes")
        check_number("max_threads", max_threads, "threads", least=1)
        check_number("background_grace_seconds", background_grace_seconds, "seconds", kinds=(int, float))
        check_function("on_background_error", on_background_error)
        super().__init__(
            middleware=middleware,
            exception_handlers=exception_handlers,
            max_body_bytes=max_body_bytes,
        )
        self.debug = debug
        self.state = State()
        #: What plugins offer to others, by name.
        self.extensions: dict[str, Any] = {}
        self.threads = ThreadLimiter("handlers", max_threads=max_threads)
        self.background = BackgroundRunner(
            self.threads, on_error=on_background_error, grace_seconds=background_grace_seconds
        )
        #: Set when the app is about to be stopped, before the server waits for open streams.
        self.stopping = asyncio.Event()
        self._options = PluginOptions(
            plugins=plugins,
            autoload=autoload,
            block=block,
            settings={} if settings is None else settings,
            required_plugins=required_plugins,
            on_plugin_error=on_plugin_error,
        )
        self._on_startup = check_functions("on_startup", on_startup)
        self._on_shutdown = check_functions("on_shutdown", on_shutdown)
        self._lifespans = [] if lifespan is None else [make_user_lifespan(lifespan)]
        self._converters = check_list("converters", converters)
        self._trailing_slash: TrailingSlash = trailing_slash
        #: What serves below the raw ASGI middleware, once the app is built.
        self.line: ASGIApp | None = None
        CALLED_AS.__set__(self, self._build_and_serve)

    # --- set-up ---

    def on_startup(self, function: F) -> F:
        """Call *function*, plain or asynchronous, before the first request; give it the app if it takes an argument."""
        self._refuse_when_built(f"on_startup of {function!r}")
        self._on_startup.append(function)
        return function

    def on_shutdown(self, function: F) -> F:
        """Call *function*, plain or asynchronous, after the last request; give it the app if it takes an argument."""
        self._refuse_when_built(f"on_shutdown of {function!r}")
        self._on_shutdown.append(function)
        return function

    def add_converter(self, converter: PathConverter) -> None:
        """Add a kind of path parameter for the routes of this app."""
        self._refuse_when_built(f"the converter {converter.name!r}")
        self._converters.append(converter)

    # --- build ---

    def build(self) -> None:
        """Turn everything set up into what requests read. It happens by itself at start-up, or at the first request.

        Raises:
            ConfigurationError: Something cannot work; the message says what, where and how to mend it.
            ExceptionGroup: Of such errors, when plugins have several.
        """
        if self.line is not None:
            return
        from .builder import Builder  # noqa: PLC0415  # PERF: what only a build needs it imports (figure "import, CPU")
        from .life import list_lifespans, tell_stopping  # noqa: PLC0415  # PERF: as above
        from .routing.placement import Placement  # noqa: PLC0415  # PERF: as above

        apps: list[Yaat] = []

        def list_entries(router: Router) -> Sequence[Route | Mount]:
            if not isinstance(router, Yaat):
                return router.routes
            apps.append(router)
            return router.assemble().routes

        with blame_plugins():
            placement = Placement(self, list_entries)
            builder = Builder(self, placement, self._trailing_slash)
            lifespans = list(list_lifespans(apps, placement.areas))
            line = builder.build(LifespanRunner(self, lifespans, lambda: tell_stopping(apps)))
            self._builder: Builder = builder
            for app in apps:
                app._builder = builder
            self._take_over(line.serve, builder.wrap_outside(line), apps)
            builder.forget()

    def assemble(self) -> Parts:
        """Load the plugins and return what this app brings, for the build of this app or of one around it.

        With `on_plugin_error="warn"` it begins anew, without them, when plugins break that it can do without.
        """
        from .plugins.loading import load_plugins  # noqa: PLC0415  # PERF: as in `build`

        extensions = dict(self.extensions)
        failed: dict[str, BrokenPlugin] = {}
        while not hasattr(self, "parts"):
            self.manager = load_plugins(self._options, failed=failed)
            try:
                self.manager.configure(self)
                self.parts = collect_parts(self, self.manager, self._converters)
            except PluginErrors as errors:
                self.extensions.clear()
                self.extensions.update(extensions)
                failed |= excuse(errors, self.manager.excusable)
        return self.parts

    def url_for(self, name: str, /, **parameters: Any) -> URL:
        """Return the path of the route called *name*; parameters that its path does not have become the query.

        Names of mounted routers' routes come after the name of the mount and a colon: `admin:index`. So do those of
        plugins: `openapi:document`.

        Raises:
            UnknownRoute: No route has that name or takes these parameters.
        """
        if not hasattr(self, "_builder"):
            self.build()
        return self._builder.name_routes(self).url_for(name, **parameters)

    def find_place(self, scope: Scope, method: str) -> Any:
        """Return the place of a request that is for what *scope* is for, but of *method*: see `yaat.place.BuiltPlace`.

        For middleware that answers in advance, such as preflights: it tells the route, and what stands around it.
        `None` where a mounted ASGI app would answer. An app that is mounted finds what the app around it serves.
        """
        return self._builder.find_place({**scope, "method": method}, method)

    @property
    def report(self) -> BuildReport:
        """What the app was built of, and who gave what. It is there when the app is built."""
        if not hasattr(self, "_builder"):
            raise AttributeError("The report is there when the app is built: call app.build() first.")
        return self._builder.report(self)

    async def _build_and_serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Build the app, and serve its first connection.

        A server takes an app that raises on its lifespan for one that has none, and starts all the same; so there the
        mistake is told as the protocol wants it.
        """
        try:
            self.build()
        except Exception as error:
            if scope["type"] != "lifespan":
                raise
            await refuse_startup(error)(scope, receive, send)
            return
        await CALLED_AS.__get__(self)(scope, receive, send)

    def _take_over(self, line: ASGIApp, serve: ASGIApp, apps: Sequence["Yaat"]) -> None:
        """Begin to serve what was built, and tell the plugins of *apps*; go back when one of them objects."""
        self.line = line
        CALLED_AS.__set__(self, serve)
        try:
            for app in apps:
                if app.manager.hooks["yaat_app_built"]:
                    app.manager.collect("yaat_app_built", app=app, report=app.report)
        except BaseException:
            self.line = None
            CALLED_AS.__set__(self, self._build_and_serve)
            raise


#: The slot with what an app is called as, whether or not a subclass has a `__call__` of its own around it.
CALLED_AS: Any = vars(Yaat)["__call__"]
