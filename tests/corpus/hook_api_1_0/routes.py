"""Routes and mounts of a plugin are served, named after it, and keep it as their owner."""

from yaat import Plugin, Response, Router, hookimpl
from yaat.routing import Mount, Route


class Pages(Plugin):
    name = "pages"

    @hookimpl
    def yaat_register_routes(self, app):
        router = Router()
        router.add_route("/inner", answer)
        page = Route(path="/page", handler=answer, methods=("GET", "POST"), name="page", metadata={"tags": ["page"]})
        return [page, Mount(path="/pages", app=router)]


async def answer(request):
    return Response(request.method)


PLUGINS = [Pages()]


def prove(app, client):
    assert client.post("/page").text == "POST"
    assert client.get("/pages/inner").text == "GET"
    assert str(app.url_for("pages:page")) == "/page"
    [route] = [route for route in app.report.routes if route.path == "/page"]
    assert (route.owner.plugin, dict(route.metadata)) == ("pages", {"tags": ["page"]})
