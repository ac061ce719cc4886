"""The first plugin with a codec decides how the whole app writes and reads JSON; one that gives None is passed over."""

import json

from yaat import Plugin, hookimpl
from yaat.records import JSONCodec
from yaat.routing import Route


class Nothing(Plugin):
    name = "nothing"

    @hookimpl
    def yaat_json_codec(self, app):
        return None


class Sorted(Plugin):
    name = "sorted"

    @hookimpl
    def yaat_json_codec(self, app):
        return JSONCodec(encode=lambda value: json.dumps(value, sort_keys=True).encode(), decode=json.loads)

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/json", handler=echo, methods=("POST",))


class Late(Plugin):
    name = "late"

    @hookimpl
    def yaat_json_codec(self, app):
        raise AssertionError("the question is answered already")


async def echo(request):
    return await request.json()


PLUGINS = [Nothing(), Sorted(), Late()]


def prove(app, client):
    assert client.post("/json", json={"b": 1, "a": 2}).content == b'{"a": 2, "b": 1}'
