"""A plugin drops and changes routes of others before anything is compiled; they keep their owners."""

from dataclasses import replace

from yaat import Plugin, Response, hookimpl
from yaat.routing import Route


class Drafts(Plugin):
    name = "drafts"

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/drafts", handler=answer), Route(path="/old", handler=answer)


class Editor(Plugin):
    name = "editor"

    @hookimpl
    def yaat_modify_routes(self, app, routes):
        kept = [route for route in routes if route.path != "/drafts"]
        return [replace(route, path="/new") if route.path == "/old" else route for route in kept]


async def answer(request):
    return Response("ok")


PLUGINS = [Drafts(), Editor()]


def prove(app, client):
    assert client.get("/drafts").status_code == client.get("/old").status_code == 404
    assert client.get("/new").text == "ok"
    assert [route.owner.plugin for route in app.report.routes if route.path == "/new"] == ["drafts"]
