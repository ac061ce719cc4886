"""What one plugin brings to an app."""

from typing import Any

from yaat import Middleware, Plugin, Request, Yaat, hookimpl
from yaat.records import ExceptionHandler, PathConverter, Protocol, ResponseType
from yaat.routing import Route
from yaat_testclient import make_app
from yaat_testclient.contributions import list_contributions, list_others


async def answer(*arguments: Any) -> str:
    return ""


def around(request: Request) -> Any:
    yield


class Full(Plugin):
    name = "full"

    @hookimpl
    def yaat_configure(self, app: Yaat) -> None:
        app.extensions["full"] = 1

    @hookimpl
    def yaat_register_converters(self, app: Yaat) -> PathConverter:
        return PathConverter(name="hex", parse=bytes.fromhex)

    @hookimpl
    def yaat_register_response_types(self, app: Yaat) -> ResponseType:
        return ResponseType(type=set, convert=lambda value, request: "")

    @hookimpl
    def yaat_register_protocols(self, app: Yaat) -> Protocol:
        return Protocol(name="echo", make_endpoint=lambda *_: answer, make_fallback=lambda _: answer)  # type: ignore[arg-type, return-value]  # never called

    @hookimpl
    def yaat_register_routes(self, app: Yaat) -> Route:
        return Route(path="/full", handler=answer, name="page")

    @hookimpl
    def yaat_register_exception_handlers(self, app: Yaat) -> ExceptionHandler:
        return ExceptionHandler(key=404, handler=answer)

    @hookimpl
    def yaat_register_middleware(self, app: Yaat) -> Middleware:
        return Middleware(around)


def build(*plugins: Any) -> Yaat:
    app = make_app(*plugins)
    app.build()
    return app


def test_each_kind_of_record_is_listed() -> None:
    """And the hooks that gave them."""
    found = list_contributions(build(Full()), "full")
    assert {(kind, text) for kind, text in found if kind != "hook"} == {
        ("converter", "hex"),
        ("response type", "set"),
        ("protocol", "echo"),
        ("route", "http  GET /full full:page"),
        ("exception handler", "404"),
        ("middleware", "around app () () ('http',)"),
    }
    assert len(found) == 6 + len([each for each in vars(Full) if each.startswith("yaat_")])


def test_what_others_bring_is_the_rest() -> None:
    """With the core's, and with all extensions."""
    others = list_others(build(Full()), "full")
    assert ("extension", "full") in others
    assert ("converter", "int") in others
    assert ("converter", "hex") not in others


def test_two_builds_of_the_same_are_equal() -> None:
    """Otherwise nothing could be compared."""
    assert list_contributions(build(Full()), "full") == list_contributions(build(Full()), "full")
