"""The app takes the place of a plugin's route with replaces=True, and its own exception handlers come first."""

from yaat import Plugin, Response, hookimpl
from yaat.records import ExceptionHandler
from yaat.routing import Route


class Pages(Plugin):
    name = "pages"

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/page", handler=answer, methods=("GET", "POST"))

    @hookimpl
    def yaat_register_exception_handlers(self, app):
        return ExceptionHandler(key=404, handler=miss)


async def answer(request):
    return Response("plugin")


async def answer_for_app(request):
    return Response("app")


async def miss(request, error):
    return Response("plugin", 404)


async def miss_for_app(request, error):
    return Response("app", 404)


PLUGINS = [Pages()]


def set_up(app):
    app.add_route("/page", answer_for_app, methods=["GET"], replaces=True)
    app.exception_handler(404)(miss_for_app)


def prove(app, client):
    assert (client.get("/page").text, client.post("/page").text) == ("app", "plugin")
    assert client.get("/nowhere").text == "app"
