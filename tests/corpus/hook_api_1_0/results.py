"""A hook gives one record, several in any iterable, or nothing."""

from yaat import Plugin, Response, hookimpl
from yaat.routing import Route


async def answer(request):
    return Response("")


class Giving(Plugin):
    def __init__(self, name, result):
        self.name = name
        self.result = result

    @hookimpl
    def yaat_register_routes(self, app):
        return self.result


def make(path):
    return Route(path=path, handler=answer, name=path.strip("/"))


PLUGINS = [
    Giving("one", make("/one")),
    Giving("list", [make("/a"), make("/b")]),
    Giving("tuple", (make("/c"),)),
    Giving("iterator", (make(path) for path in ("/d", "/e"))),
    Giving("empty", ()),
    Giving("nothing", None),
]


def prove(app, client):
    found = {(route.path, route.owner.plugin) for route in app.report.routes}
    assert found == {
        ("/one", "one"),
        ("/a", "list"),
        ("/b", "list"),
        ("/c", "tuple"),
        ("/d", "iterator"),
        ("/e", "iterator"),
    }
