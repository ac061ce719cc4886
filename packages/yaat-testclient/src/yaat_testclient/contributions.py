"""This file is what one plugin brings to an app, as sets of texts that two builds can be compared by."""

from collections.abc import Iterator
from itertools import chain

from yaat import Yaat

#: By kind, such as `route`, a text for each thing that was brought.
Contributions = frozenset[tuple[str, str]]


def list_contributions(app: Yaat, plugin: str) -> Contributions:
    """Return what *plugin* has brought to *app*, which is built; the order does not count."""
    return frozenset((kind, text) for kind, owner, text in _list_all(app) if owner == plugin)


def list_others(app: Yaat, plugin: str) -> Contributions:
    """Return what everybody else has brought to *app*, and what is there for all to use."""
    extensions = {("extension", name) for name in app.extensions}
    return frozenset((kind, text) for kind, owner, text in _list_all(app) if owner != plugin) | extensions


def _list_all(app: Yaat) -> Iterator[tuple[str, str, str]]:
    """Yield the kind, the owner and a text of each thing that *app* was built of."""
    return chain(_list_routes(app), _list_formats(app), _list_rest(app))


def _list_routes(app: Yaat) -> Iterator[tuple[str, str, str]]:
    """Yield the routes, and who has wrapped them."""
    for route in app.report.routes:
        text = f"{route.protocol} {route.host or ''} {','.join(route.methods)} {route.path} {route.name}"
        yield "route", route.owner.plugin, text
        for owner in route.wrapped_by:
            yield "wrapped route", owner.plugin, text


def _list_formats(app: Yaat) -> Iterator[tuple[str, str, str]]:
    """Yield what says how things are read and written."""
    parts = app.parts
    for converter in parts.converters.values():
        yield "converter", converter.owner.plugin, converter.name
    for kind in parts.responses.types.values():
        yield "response type", kind.owner.plugin, kind.type.__qualname__
    for parser in parts.body_parsers.values():
        yield "body parser", parser.owner.plugin, parser.media_type
    yield "JSON codec", parts.codec.owner.plugin, "codec"


def _list_rest(app: Yaat) -> Iterator[tuple[str, str, str]]:
    """Yield what stands around routes, and the hooks."""
    parts = app.parts
    for record in parts.middleware:
        text = f"{record.name} {record.stage} {record.before} {record.after} {record.protocols}"
        yield "middleware", record.owner.plugin, text
    for protocol in parts.protocols.values():
        yield "protocol", protocol.owner.plugin, protocol.name
    for handler in parts.exception_handlers:
        yield "exception handler", handler.owner.plugin, str(handler.key)
    for lifespan in parts.lifespans:
        yield "lifespan", lifespan.owner.plugin, lifespan.name
    for hook, plugins in app.manager.hooks.items():
        yield from (("hook", name, hook) for name in plugins)
