"""A hook may take fewer arguments than it is given, in any order, and more that have a default."""

from yaat import Plugin, hookimpl

SEEN = []


class Sparing(Plugin):
    name = "sparing"

    @hookimpl
    def yaat_configure(self):
        SEEN.append("nothing")

    @hookimpl
    def yaat_modify_routes(self, routes, app, depth=1):
        SEEN.append((len(routes), app is not None, depth))

    @hookimpl
    def yaat_app_built(self, report):
        SEEN.append(len(report.routes))


PLUGINS = [Sparing()]


def prove(app, client):
    assert SEEN == ["nothing", (0, True, 1), 0]
