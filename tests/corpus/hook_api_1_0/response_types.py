"""What a handler returns becomes a response as a plugin says; a subclass as its base; waiting is allowed."""

from datetime import date, datetime

from yaat import Plugin, Response, hookimpl
from yaat.records import ResponseType
from yaat.routing import Route


class Dates(Plugin):
    name = "dates"

    @hookimpl
    def yaat_register_response_types(self, app):
        async def convert(day, request):
            return Response(day.isoformat())

        return [ResponseType(type=date, convert=convert)]

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/day", handler=tell_day), Route(path="/time", handler=tell_time)


async def tell_day(request):
    return date(2020, 2, 29)


async def tell_time(request):
    return datetime(2020, 2, 29, 12, 30)


PLUGINS = [Dates()]


def prove(app, client):
    assert client.get("/day").text == "2020-02-29"
    assert client.get("/time").text == "2020-02-29T12:30:00"
