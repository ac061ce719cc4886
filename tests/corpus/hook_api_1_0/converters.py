"""A converter of a plugin reads and writes path parameters of routes of the app."""

from yaat import Plugin, Response, hookimpl
from yaat.records import PathConverter
from yaat.routing import Route


class Hex(Plugin):
    name = "hex"

    @hookimpl
    def yaat_register_converters(self, app):
        return PathConverter(
            name="hex", parse=lambda text: int(text, 16), format=lambda value: f"{value:x}", example="ff"
        )

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/hex/{number:hex}", handler=show, name="show")


async def show(request, number):
    return Response(str(number))


PLUGINS = [Hex()]


def prove(app, client):
    assert client.get("/hex/ff").text == "255"
    assert client.get("/hex/none").status_code == 404
    assert str(app.url_for("hex:show", number=255)) == "/hex/ff"
