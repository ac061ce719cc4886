"""A plugin gives a parameter of handlers its value for each request, and leaves the others alone."""

from yaat import Plugin, Response, hookimpl
from yaat.arguments import Argument, Source
from yaat.records import ParameterResolver
from yaat.routing import Route

LANGUAGE = Source(get=lambda request: request.headers.get("accept-language", "en"))


class Language(Plugin):
    name = "language"

    @hookimpl
    def yaat_register_parameter_resolvers(self, app):
        return ParameterResolver(name="language", resolve=self.resolve)

    def resolve(self, parameter, site):
        return Argument(source=LANGUAGE) if parameter.name == "language" else None

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/hello/{name}", handler=greet)


async def greet(request, name, language):
    return Response(f"{name}:{language}")


PLUGINS = [Language()]


def prove(app, client):
    assert client.get("/hello/you", headers={"accept-language": "de"}).text == "you:de"
