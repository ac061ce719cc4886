"""A module with marked functions is a plugin; it goes by the name that it gives itself."""

import sys

from yaat import Response, hookimpl
from yaat.routing import Route

name = "module"
hook_api = 1
after = ("nobody",)


@hookimpl
def yaat_register_routes(app):
    return Route(path="/module", handler=answer)


async def answer(request):
    return Response("a module")


PLUGINS = [sys.modules[__name__]]


def prove(app, client):
    assert client.get("/module").text == "a module"
    assert list(app.manager.plugins) == ["module"]
