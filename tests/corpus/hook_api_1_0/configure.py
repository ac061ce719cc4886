"""A plugin reads its own settings, read-only, before it contributes anything, and leaves something for others."""

from yaat import Plugin, Response, hookimpl
from yaat.routing import Route


class Greeting(Plugin):
    name = "greeting"

    @hookimpl
    def yaat_configure(self, app, settings):
        app.extensions["greeting"] = settings.get("text", "Hello")

    @hookimpl
    def yaat_register_routes(self, app):
        text = app.extensions["greeting"]

        async def greet(request):
            return Response(text)

        return Route(path="/greet", handler=greet)


PLUGINS = [Greeting()]
SETTINGS = {"greeting": {"text": "Moin"}}


def prove(app, client):
    assert client.get("/greet").text == "Moin"
