"""Any object with a name and marked functions is a plugin; it need not inherit anything, nor say anything more."""

from yaat import Response, hookimpl
from yaat.routing import Route


class Plain:
    name = "plain"

    @hookimpl(specname="yaat_register_routes")
    def give_routes(self, app):
        return Route(path="/plain", handler=answer)


async def answer(request):
    return Response("plain")


PLUGINS = [Plain()]


def prove(app, client):
    assert client.get("/plain").text == "plain"
