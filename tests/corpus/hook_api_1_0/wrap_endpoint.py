"""Plugins put something around what answers one route, the last outermost, and leave the others alone."""

from yaat import Plugin, Response, hookimpl
from yaat.routing import Route


class Note(Plugin):
    def __init__(self, name):
        self.name = name

    @hookimpl
    def yaat_wrap_endpoint(self, app, route, endpoint):
        if "noted" not in route.metadata:
            return None

        async def wrapped(request):
            response = await endpoint(request)
            return Response(response.body + self.name.encode())

        return wrapped


class Pages(Plugin):
    name = "pages"

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/noted", handler=answer, metadata={"noted": True}), Route(path="/plain", handler=answer)


async def answer(request):
    return Response("-")


PLUGINS = [Note("a"), Note("b"), Pages()]


def prove(app, client):
    assert client.get("/noted").text == "-ab"
    assert client.get("/plain").text == "-"
