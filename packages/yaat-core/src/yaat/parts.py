"""This file is the parts of one app: everything that its plugins contribute, collected before any path is parsed."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from typing import Protocol as Interface

from .convert import ResponseConverter
from .exceptions import ConfigurationError
from .json_codec import decode_json, encode_json
from .provenance import CORE
from .records import (
    BodyParser,
    ExceptionHandler,
    JSONCodec,
    Lifespan,
    Middleware,
    PathConverter,
    Protocol,
    ResponseType,
)
from .routing.converters import BUILT_IN
from .routing.route import Mount, Route

_DEFAULT_CODEC = JSONCodec(encode=encode_json, decode=decode_json, owner=CORE)


class Hooks(Interface):
    """What is asked of the plugin manager."""

    def collect(self, hook: str, /, *, expect: tuple[type, ...], **arguments: Any) -> list[Any]:
        """Return the records of all plugins."""

    def first(self, hook: str, /, *, expect: tuple[type, ...], **arguments: Any) -> Any:
        """Return the first answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What one app brings, apart from the routes that were added to it directly.

    Attributes:
        converters: Path converters by name, best first where several accept the same text.
        middleware: Of plugins; the app's own come after them in each stage.
        routes: Of plugins.
    """

    converters: Mapping[str, PathConverter]
    responses: ResponseConverter
    body_parsers: Mapping[str, Callable[[Any], Awaitable[Any]]]
    codec: JSONCodec
    protocols: Mapping[str, Protocol]
    middleware: Sequence[Middleware]
    exception_handlers: Sequence[ExceptionHandler]
    lifespans: Sequence[Lifespan]
    routes: Sequence[Route | Mount]

    @property
    def annotated_converters(self) -> dict[type, str]:
        """The converter that an annotation of a handler asks for."""
        return {c.annotation: c.name for c in self.converters.values() if c.annotation is not None}


def collect_parts(app: Any, hooks: Hooks, own_converters: Iterable[PathConverter]) -> Parts:
    """Return the parts of *app*, by asking each hook once, in the order of the design.

    Raises:
        ConfigurationError: Two records claim the same name or type.
    """
    converters = _by_name(
        "path converter",
        (
            *own_converters,
            *hooks.collect("yaat_register_converters", expect=(PathConverter,), app=app),
        ),
    )
    responses = ResponseConverter(hooks.collect("yaat_register_response_types", expect=(ResponseType,), app=app))
    parsers = hooks.collect("yaat_register_body_parsers", expect=(BodyParser,), app=app)
    codec = hooks.first("yaat_json_codec", expect=(JSONCodec,), app=app) or _DEFAULT_CODEC
    protocols = hooks.collect("yaat_register_protocols", expect=(Protocol,), app=app)
    return Parts(
        converters=_rank_converters(converters),
        responses=responses,
        body_parsers={
            key: parser.parse for key, parser in _unique("body parser", parsers, lambda p: p.media_type).items()
        },
        codec=codec,
        protocols=_unique("protocol", protocols, lambda protocol: protocol.name),
        routes=hooks.collect("yaat_register_routes", expect=(Route, Mount), app=app),
        exception_handlers=hooks.collect("yaat_register_exception_handlers", expect=(ExceptionHandler,), app=app),
        middleware=hooks.collect("yaat_register_middleware", expect=(Middleware,), app=app),
        lifespans=hooks.collect("yaat_register_lifespans", expect=(Lifespan,), app=app),
    )


def _by_name(what: str, records: Iterable[PathConverter]) -> dict[str, PathConverter]:
    """Return the converters by name; none may take the name of another, nor of a built-in one."""
    return _unique(what, (*BUILT_IN, *records), lambda record: record.name)


def _rank_converters(converters: Mapping[str, PathConverter]) -> dict[str, PathConverter]:
    """Return *converters* with those that plugins and apps added before the built-in ones: they are more special."""
    own = {name: c for name, c in converters.items() if c.owner != CORE}
    return {**own, **converters}


def _unique(what: str, records: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, Any]:
    """Return *records* by their key.

    Raises:
        ConfigurationError: Two have the same; the message names both owners.
    """
    found: dict[Any, Any] = {}
    for record in records:
        other = found.setdefault(key(record), record)
        if other is not record:
            raise ConfigurationError(
                f"The {what} {key(record)!r} comes from {other.owner} and from {record.owner}. "
                "Block one plugin, or give one of them another name."
            )
    return found
