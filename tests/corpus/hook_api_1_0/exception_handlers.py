"""A plugin answers for a status and for exceptions of a class, its subclasses included."""

from yaat import Plugin, Response, hookimpl
from yaat.records import ExceptionHandler
from yaat.routing import Route


class Answers(Plugin):
    name = "answers"

    @hookimpl
    def yaat_register_exception_handlers(self, app):
        return [
            ExceptionHandler(key=404, handler=answer_missing),
            ExceptionHandler(key=LookupError, handler=answer_lookup),
        ]

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/fail", handler=fail)


async def answer_missing(request, error):
    return Response("nothing here", 404)


def answer_lookup(request, error):
    return Response(type(error).__name__, 410)


async def fail(request):
    raise KeyError("x")


PLUGINS = [Answers()]


def prove(app, client):
    assert client.get("/nowhere").text == "nothing here"
    response = client.get("/fail")
    assert (response.status_code, response.text) == (410, "KeyError")
