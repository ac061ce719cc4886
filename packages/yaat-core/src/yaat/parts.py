"""This file is the parts of one app: everything that its plugins contribute, collected before any path is placed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from typing import Protocol as Interface

from .convert import ResponseConverter
from .exceptions import ConfigurationError
from .json_codec import decode_json, encode_json
from .plugins import check_unique
from .plugins.problem import gather, raise_together
from .provenance import CORE
from .record import frozen
from .records import (
    BodyParser,
    ExceptionHandler,
    JSONCodec,
    Lifespan,
    Middleware,
    ParameterResolver,
    PathConverter,
    Protocol,
    ResponseType,
    ReturnConverter,
)
from .routing.route import Mount, Route

R = TypeVar("R")

_DEFAULT_CODEC = JSONCodec(encode=encode_json, decode=decode_json, owner=CORE)
_ENTRIES = (Route, Mount)


class Hooks(Interface):
    """What is asked of the plugin manager."""

    def collect(self, hook: str, /, *, expect: Any, **arguments: Any) -> list[Any]:
        """Return the records of all plugins."""

    def first(self, hook: str, /, *, expect: Any, **arguments: Any) -> Any:
        """Return the first answer."""

    def revise(self, hook: str, name: str, records: Any, /, *, expect: Any, **arguments: Any) -> list[Any]:
        """Return what the plugins put in the place of *records*."""


@frozen
class Parts:
    """What one app brings.

    Attributes:
        converters: Path converters by name, best first where several accept the same text.
        annotated_converters: The converter that an annotation of a handler asks for.
        resolvers: What gives parameters of handlers their values, in plugin order.
        return_converters: What converts the values that handlers declare to return, in plugin order.
        middleware: Of plugins; the app's own come after them in each stage.
        exception_handlers: Of plugins; the app's own for the same key come before them.
        routes: The app's own and those of plugins, as plugins have left them.
    """

    converters: Mapping[str, PathConverter]
    annotated_converters: Mapping[type, str]
    resolvers: Sequence[ParameterResolver]
    return_converters: Sequence[ReturnConverter]
    responses: ResponseConverter
    body_parsers: Mapping[str, BodyParser]
    codec: JSONCodec
    protocols: Mapping[str, Protocol]
    routes: Sequence[Route | Mount]
    exception_handlers: Sequence[ExceptionHandler]
    middleware: Sequence[Middleware]
    lifespans: Sequence[Lifespan]


def collect_parts(app: Any, hooks: Hooks, own_converters: Iterable[PathConverter]) -> Parts:
    """Return the parts of *app*, by asking each hook once, in the order in which the hooks are specified.

    Raises:
        PluginErrors: All that is wrong: what hooks raised, what is no record, and records that claim the same.
    """
    from .routing.built_in import BUILT_IN  # noqa: PLC0415  # PERF: see there

    asking = _Asking(app, hooks)
    unique, collect = asking.collect_unique, asking.collect
    converters = unique("converters", PathConverter, lambda converter: converter.name, (*BUILT_IN, *own_converters))
    resolvers = unique("parameter_resolvers", ParameterResolver, lambda resolver: resolver.name)
    return_converters = unique("return_converters", ReturnConverter, lambda converter: converter.name)
    responses = unique("response_types", ResponseType, lambda each: each.type)
    parsers = unique("body_parsers", BodyParser, lambda parser: parser.media_type.lower())
    codec = asking.find_codec()
    protocols = unique("protocols", Protocol, lambda protocol: protocol.name)
    routes = [*app.routes, *collect("routes", _ENTRIES)]
    handlers = unique("exception_handlers", ExceptionHandler, lambda each: each.key)
    middleware = collect("middleware", Middleware)
    lifespans = collect("lifespans", Lifespan)
    raise_together(asking.errors)
    ranked = _rank_converters(converters)
    return Parts(
        converters=ranked,
        annotated_converters={c.annotation: c.name for c in ranked.values() if c.annotation is not None},
        resolvers=tuple(resolvers.values()),
        return_converters=tuple(return_converters.values()),
        responses=ResponseConverter(responses.values()),
        body_parsers=parsers,
        codec=codec,
        protocols=protocols,
        routes=hooks.revise("yaat_modify_routes", "routes", routes, expect=_ENTRIES, app=app),
        exception_handlers=tuple(handlers.values()),
        middleware=middleware,
        lifespans=lifespans,
    )


class _Asking:
    """The hooks of one app while they are asked; what goes wrong is kept, so that each has its turn."""

    def __init__(self, app: Any, hooks: Hooks) -> None:
        self.errors: list[ConfigurationError] = []
        self._app = app
        self._hooks = hooks

    def collect(self, what: str, expect: Any) -> list[Any]:
        """Return the records that all plugins give from their hooks `yaat_register_WHAT`."""
        records: list[Any] = []
        with gather(self.errors):
            records += self._hooks.collect(f"yaat_register_{what}", expect=expect, app=self._app)
        return records

    def collect_unique(
        self, what: str, expect: type[R], key: Callable[[R], Any], known: Iterable[R] = ()
    ) -> dict[Any, R]:
        """Return such records by their key, those *known* already first."""
        found: dict[Any, R] = {}
        records = (*known, *self.collect(what, expect))
        with gather(self.errors):
            found |= check_unique(records, key=key, what=what.removesuffix("s").replace("_", " "))
        return found

    def find_codec(self) -> JSONCodec:
        """Return the JSON codec that a plugin has chosen, or the core's."""
        codec = None
        with gather(self.errors):
            codec = self._hooks.first("yaat_json_codec", expect=JSONCodec, app=self._app)
        return codec or _DEFAULT_CODEC


def _rank_converters(converters: Mapping[str, PathConverter]) -> dict[str, PathConverter]:
    """Return *converters* with those that plugins and apps added before the built-in ones: they are more special."""
    own = {name: c for name, c in converters.items() if c.owner != CORE}
    return {**own, **converters}
