"""What a handler declares to return is turned into a response as a plugin says; other handlers are left alone."""

from datetime import date

from yaat import Plugin, Response, hookimpl
from yaat.arguments import Conversion
from yaat.records import ReturnConverter
from yaat.routing import Route


class Days(Plugin):
    name = "days"

    @hookimpl
    def yaat_register_return_converters(self, app):
        return ReturnConverter(name="day", resolve=self.resolve)

    def resolve(self, handler, site):
        if handler.returns is not date:
            return None
        return Conversion(convert=lambda day: Response(day.isoformat()))

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/day", handler=tell_day), Route(path="/text", handler=tell_text)


async def tell_day(request) -> date:
    return date(2020, 2, 29)


async def tell_text(request) -> str:
    return "text"


PLUGINS = [Days()]


def prove(app, client):
    assert client.get("/day").text == "2020-02-29"
    assert client.get("/text").text == "text"
