"""This file is the hooks by which plugins say how things are read and written, in call order."""

from collections.abc import Iterable
from typing import Any

from ..records import BodyParser, JSONCodec, PathConverter, ResponseType
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
    def yaat_register_response_types(self, app: Any) -> ResponseType | Iterable[ResponseType] | None:
        """Say how values of a Python type become responses when handlers return them.

        Called after the converters.

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
