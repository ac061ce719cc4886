"""Lifespans are entered in plugin order and left in reverse; what they yield is the state of requests."""

from contextlib import asynccontextmanager

from yaat import Plugin, Response, hookimpl
from yaat.records import Lifespan
from yaat.routing import Route

STORY = []


class Pool(Plugin):
    def __init__(self, name):
        self.name = name

    @hookimpl
    def yaat_register_lifespans(self, app):
        return Lifespan(name=self.name, context=self.run)

    @asynccontextmanager
    async def run(self, app):
        STORY.append(f"+{self.name}")
        yield {self.name: "open"}
        STORY.append(f"-{self.name}")


class Page(Plugin):
    name = "page"

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/state", handler=tell)


async def tell(request):
    return Response(request.state.a + request.state["b"])


PLUGINS = [Pool("a"), Pool("b"), Page()]


def prove(app, client):
    assert client.get("/state").text == "openopen"
    assert STORY == ["+a", "+b"]


def prove_after(app):
    assert STORY == ["+a", "+b", "-b", "-a"]
