"""A plugin serves a scope type of its own, with routes, path parameters and a fallback."""

import asyncio

from yaat import Plugin, hookimpl
from yaat.records import Protocol
from yaat.routing import Route


class Echo(Plugin):
    name = "echo"

    @hookimpl
    def yaat_register_protocols(self, app):
        return Protocol(name="echo", make_endpoint=self.serve, make_fallback=self.refuse)

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/echo/{name}", handler=answer, protocol="echo")

    def serve(self, route, equipment):
        async def endpoint(scope, receive, send):
            await send({"type": "echo.answer", "name": scope["path_params"]["name"]})

        return endpoint

    def refuse(self, equipment):
        async def endpoint(scope, receive, send):
            await send({"type": "echo.close"})

        return endpoint


async def answer(connection, name):
    raise AssertionError("the protocol answers by itself")


PLUGINS = [Echo()]


def prove(app, client):
    def ask(path):
        sent = []

        async def send(message):
            sent.append(message)

        asyncio.run(app({"type": "echo", "path": path, "headers": []}, None, send))
        return sent

    assert ask("/echo/you") == [{"type": "echo.answer", "name": "you"}]
    assert ask("/nowhere") == [{"type": "echo.close"}]
