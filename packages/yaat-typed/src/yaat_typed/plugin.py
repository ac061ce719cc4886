"""This file is the plugin: typed parameters, dependencies, declared answers, and msgspec for the JSON of the app."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from yaat import Router, Yaat
from yaat.plugins import Plugin, hookimpl
from yaat.records import JSONCodec, ParameterResolver, ResponseType, ReturnConverter
from yaat.responses import JSONResponse
from yaat.routing import Mount

from .codec import decode, encode, encode_numbers
from .dependency import Dependencies
from .resolvers import list_resolvers
from .returns import resolve_return

#: What handlers may return without saying so, beside what the core knows.
JSON_TYPES: tuple[type, ...] = (
    msgspec.Struct,
    set,
    frozenset,
    int,
    float,
    date,
    datetime,
    time,
    timedelta,
    Decimal,
    Enum,
    UUID,
)


class Typed:
    """What the plugin offers to others: `app.extensions["typed"]`.

    Args:
        app: Whose extension it is.

    Attributes:
        dependencies: Those of the app.
        encode: What writes JSON.
    """

    def __init__(self, app: Any, encode: Callable[[Any], bytes] = encode) -> None:
        self._app = app
        self.dependencies = Dependencies()
        self.encode = encode

    @contextmanager
    def override(self, function: Callable[..., Any], replacement: Callable[..., Any]) -> Iterator[None]:
        """Let *replacement* take the place of a dependency inside a `with` block, for tests.

        It does so in the apps that are mounted in the app too.

        Args:
            function: As it stands in `Use(…)`.
            replacement: Of the same kind: a generator for a generator.
        """
        with ExitStack() as stack:
            for app in list_apps(self._app):
                typed: Typed | None = app.extensions.get(TypedPlugin.name)
                if typed is not None:
                    stack.enter_context(typed.dependencies.override(function, replacement))
            yield


def list_apps(app: Any) -> list[Any]:
    """Return *app* and the apps that are mounted in it, directly or through others, each once."""
    found: list[Any] = []
    pending = [app]
    while pending:
        router = pending.pop()
        if any(router is each for each in found):
            continue
        found.append(router)
        entries = router.parts.routes if isinstance(router, Yaat) else router.routes
        pending += [each.app for each in entries if isinstance(each, Mount) and isinstance(each.app, Router)]
    return [each for each in found if isinstance(each, Yaat)]


class TypedPlugin(Plugin):
    """Gives handlers what their signatures declare, and clients what they declare to return.

    Args:
        json_codec: Whether the JSON of the whole app is written and read with msgspec.
        refuse_nan: Whether NaN and infinities in what is written are an error that says where they stand, rather than
            `null`. `None` does so in debug: to look for them takes time.
    """

    name = "typed"

    def __init__(self, *, json_codec: bool = True, refuse_nan: bool | None = None) -> None:
        self._has_codec = json_codec
        self._refuse_nan = refuse_nan

    @hookimpl
    def yaat_configure(self, app: Any) -> None:
        """Make the place for the app's dependencies."""
        is_strict = app.debug if self._refuse_nan is None else self._refuse_nan
        app.extensions[self.name] = Typed(app, encode_numbers if is_strict else encode)

    @hookimpl
    def yaat_register_parameter_resolvers(self, app: Any) -> Iterable[ParameterResolver]:
        """Resolve what is marked, and what is meant by its type."""
        return list(list_resolvers(app.extensions[self.name].dependencies))

    @hookimpl
    def yaat_register_return_converters(self, app: Any) -> ReturnConverter:
        """Convert what handlers declare to return."""
        write = app.extensions[self.name].encode
        return ReturnConverter(name="declared type", resolve=partial(resolve_return, encode=write))

    @hookimpl
    def yaat_register_response_types(self) -> list[ResponseType]:
        """Make JSON of values that need no declaration."""
        return [ResponseType(type=kind, convert=_make_json) for kind in JSON_TYPES]

    @hookimpl
    def yaat_json_codec(self, app: Any) -> JSONCodec | None:
        """Give msgspec."""
        return JSONCodec(encode=app.extensions[self.name].encode, decode=decode) if self._has_codec else None


def _make_json(value: Any, request: Any) -> JSONResponse:
    """Return *value* as JSON."""
    return JSONResponse(value)
