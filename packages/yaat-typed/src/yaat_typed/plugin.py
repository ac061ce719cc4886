"""This file is the plugin: typed parameters, dependencies, declared answers, and msgspec for the JSON of the app."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec

from yaat.plugins import Plugin, hookimpl
from yaat.records import JSONCodec, ParameterResolver, ResponseType, ReturnConverter
from yaat.responses import JSONResponse

from .codec import decode, encode
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

    Attributes:
        dependencies: Those of the app.
    """

    def __init__(self) -> None:
        self.dependencies = Dependencies()

    @contextmanager
    def override(self, function: Callable[..., Any], replacement: Callable[..., Any]) -> Iterator[None]:
        """Let *replacement* take the place of a dependency inside a `with` block, for tests.

        Args:
            function: As it stands in `Use(…)`.
            replacement: Of the same kind: a generator for a generator.
        """
        overrides = self.dependencies.overrides
        before = overrides.get(function, function)
        overrides[function] = replacement
        try:
            yield
        finally:
            if before is function:
                del overrides[function]
            else:
                overrides[function] = before


class TypedPlugin(Plugin):
    """Gives handlers what their signatures declare, and clients what they declare to return.

    Args:
        json_codec: Whether the JSON of the whole app is written and read with msgspec.
    """

    name = "typed"

    def __init__(self, *, json_codec: bool = True) -> None:
        self._has_codec = json_codec

    @hookimpl
    def yaat_configure(self, app: Any) -> None:
        """Make the place for the app's dependencies."""
        app.extensions[self.name] = Typed()

    @hookimpl
    def yaat_register_parameter_resolvers(self, app: Any) -> Iterable[ParameterResolver]:
        """Resolve what is marked, and what is meant by its type."""
        return list(list_resolvers(app.extensions[self.name].dependencies))

    @hookimpl
    def yaat_register_return_converters(self) -> ReturnConverter:
        """Convert what handlers declare to return."""
        return ReturnConverter(name="declared type", resolve=resolve_return)

    @hookimpl
    def yaat_register_response_types(self) -> list[ResponseType]:
        """Make JSON of values that need no declaration."""
        return [ResponseType(type=kind, convert=_make_json) for kind in JSON_TYPES]

    @hookimpl
    def yaat_json_codec(self) -> JSONCodec | None:
        """Give msgspec."""
        return JSONCodec(encode=encode, decode=decode) if self._has_codec else None


def _make_json(value: Any, request: Any) -> JSONResponse:
    """Return *value* as JSON."""
    return JSONResponse(value)
