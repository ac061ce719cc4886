"""This file is the hooks by which plugins say how things are read and written, in call order."""

from collections.abc import Iterable
from typing import Any

from ..records import BodyParser, JSONCodec, ParameterResolver, PathConverter, ResponseType, ReturnConverter
from .markers import hookspec


class Formats:
    """How an app reads and writes: called once for each app, after `yaat_configure`.

    Where a hook gives records, it gives one, an iterable of them, or `None`. Whatever owner a record names, it gets
    that of its plugin.
    """

    @hookspec
    def yaat_register_converters(self, app: Any) -> PathConverter | Iterable[PathConverter] | None:
        """Add kinds of path parameters, such as `{id:hex}`.

        Called before any path is placed, so that the routes of every plugin can use them.

        Args:
            app: The app that is being built.

        Returns:
            `PathConverter` records; two of one name are an error.

        Order:
            Plugin order. It decides which converter is tried first where several accept a text.

        Example:
            ```python
            from yaat import Plugin, hookimpl
            from yaat.records import PathConverter

            class HexPlugin(Plugin):
                name = "hex"

                @hookimpl
                def yaat_register_converters(self, app):
                    return PathConverter(name="hex", parse=bytes.fromhex, format=bytes.hex)
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_register_parameter_resolvers(self, app: Any) -> ParameterResolver | Iterable[ParameterResolver] | None:
        """Say how parameters of handlers get their values, on routes of every protocol.

        Called after the converters. Each resolver is asked while routes are compiled, once for each parameter that does
        not take the request; what it answers is compiled into the endpoint, so a handler that nobody resolves anything
        for costs nothing more.

        Args:
            app: The app that is being built.

        Returns:
            `ParameterResolver` records; two of one name are an error. So are two that want the same parameter, unless
            one of them is a fallback.

        Order:
            Plugin order, which changes nothing for one parameter. The phase of each source decides what is asked first
            when a request comes: see `yaat.arguments.PHASES`.

        Example:
            ```python
            from yaat import Plugin, hookimpl
            from yaat.arguments import Argument, Source
            from yaat.records import ParameterResolver

            LANGUAGE = Source(get=lambda request: request.headers.get("accept-language", "en"))

            class LanguagePlugin(Plugin):
                name = "language"

                @hookimpl
                def yaat_register_parameter_resolvers(self, app):
                    return ParameterResolver(name="language", resolve=self.resolve)

                def resolve(self, parameter, site):
                    return Argument(source=LANGUAGE) if parameter.name == "language" else None
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_register_return_converters(self, app: Any) -> ReturnConverter | Iterable[ReturnConverter] | None:
        """Say what becomes of the values that handlers return, by what they declare to return.

        Called after the parameter resolvers. Each converter is asked while routes are compiled, once for each handler;
        a handler that nobody converts anything for costs nothing more. Values that are left alone become responses by
        their own type: see `yaat_register_response_types`.

        Args:
            app: The app that is being built.

        Returns:
            `ReturnConverter` records; two of one name are an error, and so are two that want the same handler.

        Order:
            Plugin order, which changes nothing: one converter at most answers for a handler.

        Example:
            ```python
            from datetime import date

            from yaat import Plugin, Response, hookimpl
            from yaat.arguments import Conversion
            from yaat.records import ReturnConverter

            class DayPlugin(Plugin):
                name = "day"

                @hookimpl
                def yaat_register_return_converters(self, app):
                    return ReturnConverter(name="day", resolve=self.resolve)

                def resolve(self, handler, site):
                    if handler.returns is not date:
                        return None
                    return Conversion(convert=lambda day: Response(day.isoformat()))
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_register_response_types(self, app: Any) -> ResponseType | Iterable[ResponseType] | None:
        """Say how values of a Python type become responses when handlers return them.

        Called after the return converters.

        Args:
            app: The app that is being built.

        Returns:
            `ResponseType` records; two for one type are an error. A subclass is converted as its nearest base is.

        Order:
            Plugin order, which changes nothing: the type of the value decides.

        Example:
            ```python
            from datetime import date

            from yaat import Plugin, Response, hookimpl
            from yaat.records import ResponseType

            class DatePlugin(Plugin):
                name = "dates"

                @hookimpl
                def yaat_register_response_types(self, app):
                    return ResponseType(type=date, convert=lambda day, request: Response(day.isoformat()))
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_register_body_parsers(self, app: Any) -> BodyParser | Iterable[BodyParser] | None:
        """Say how request content of a media type is read by `request.form()`.

        Called after the response types.

        Args:
            app: The app that is being built.

        Returns:
            `BodyParser` records; two for one media type are an error.

        Order:
            Plugin order, which changes nothing: the media type of the request decides.

        Example:
            ```python
            from yaat import Plugin, hookimpl
            from yaat.records import BodyParser

            class CommaPlugin(Plugin):
                name = "comma"

                @hookimpl
                def yaat_register_body_parsers(self, app):
                    return BodyParser(media_type="text/csv", parse=self.read)

                async def read(self, request):
                    return (await request.body()).decode().splitlines()
            ```

        Added in hook API 1.0.
        """

    @hookspec(firstresult=True)
    def yaat_json_codec(self, app: Any) -> JSONCodec | None:
        """Choose how the whole app writes and reads JSON.

        Called after the body parsers. Where nobody answers, it is the standard library's.

        Args:
            app: The app that is being built.

        Returns:
            One `JSONCodec`, or `None` to leave it to others.

        Order:
            Plugin order; the first answer counts, and nobody after it is asked.

        Example:
            ```python
            import json

            from yaat import Plugin, hookimpl
            from yaat.records import JSONCodec

            class SortedPlugin(Plugin):
                name = "sorted"

                @hookimpl
                def yaat_json_codec(self, app):
                    return JSONCodec(encode=self.encode, decode=json.loads)

                def encode(self, value):
                    return json.dumps(value, sort_keys=True, allow_nan=False).encode()
            ```

        Added in hook API 1.0.
        """
