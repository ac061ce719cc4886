"""Middleware of each kind stands by stage, then by before and after, then in plugin order; 404s pass it too."""

from yaat import Middleware, Plugin, hookimpl


def make_step(letter):
    """Return an around that adds *letter* to a field of the response."""

    def step(request):
        response = yield
        response.headers["x-order"] = response.headers.get("x-order", "") + letter

    return step


class Pair:
    def __init__(self, letter):
        self.letter = letter

    def process_request(self, request):
        return None

    def process_response(self, request, response):
        response.headers["x-order"] = response.headers.get("x-order", "") + self.letter
        return response


class Raw:
    def __init__(self, app, letter):
        self.app = app
        self.letter = letter

    async def __call__(self, scope, receive, send):
        async def change(message):
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"x-raw", self.letter.encode())]}
            await send(message)

        await self.app(scope, receive, change)


class First(Plugin):
    name = "first"

    @hookimpl
    def yaat_register_middleware(self, app):
        return [
            Middleware(make_step("a"), name="a"),
            Middleware(Pair, name="b", letter="b", stage="edge"),
            Middleware(Raw, name="raw", letter="r"),
        ]


class Second(Plugin):
    name = "second"

    @hookimpl
    def yaat_register_middleware(self, app):
        return [Middleware(make_step("c"), name="c", before=["a"]), Middleware(make_step("d"), name="d", after=["a"])]


PLUGINS = [First(), Second()]


def prove(app, client):
    response = client.get("/nowhere")
    assert (response.status_code, response.headers["x-raw"]) == (404, "r")
    assert response.headers["x-order"] == "dacb"
