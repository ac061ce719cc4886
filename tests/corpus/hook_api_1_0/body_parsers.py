"""Content of a media type is read by request.form() as a plugin says."""

from yaat import Plugin, Response, hookimpl
from yaat.records import BodyParser
from yaat.routing import Route


class Lines(Plugin):
    name = "lines"

    @hookimpl
    def yaat_register_body_parsers(self, app):
        return BodyParser(media_type="text/csv", parse=self.read)

    async def read(self, request):
        return (await request.body()).decode().splitlines()

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/lines", handler=count, methods=("POST",))


async def count(request):
    return Response(str(len(await request.form())))


PLUGINS = [Lines()]


def prove(app, client):
    assert client.post("/lines", content="a\nb", headers={"content-type": "text/csv"}).text == "2"
