"""A plugin sees what the finished app was built of, with who gave what."""

from yaat import Plugin, Response, hookimpl
from yaat.routing import Route


class Summary(Plugin):
    name = "summary"

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/summary", handler=answer)

    @hookimpl
    def yaat_app_built(self, app, report):
        self.routes = [(route.path, route.owner.plugin) for route in report.routes]
        self.plugins = [(status.owner.plugin, status.state) for status in report.plugins]
        self.url = str(app.url_for("summary:answer"))


async def answer(request):
    return Response("")


PLUGINS = [Summary()]


def prove(app, client):
    [plugin] = PLUGINS
    assert plugin.routes == [("/summary", "summary")]
    assert plugin.plugins == [("summary", "active")]
    assert plugin.url == "/summary"
