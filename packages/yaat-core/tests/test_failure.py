"""Failure: which handler answers for an exception, and what becomes of those that nobody answers."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from functools import partial, wraps
from typing import Any

import pytest

from yaat import HTTPException, Plugin, Request, Response, Router, Yaat, hookimpl
from yaat.asgi import Receive, Scope, Send
from yaat.exceptions import (
    BadRequest,
    ClientDisconnect,
    ConfigurationError,
    HandlerError,
    MethodNotAllowed,
    NotFound,
    ResponseError,
)
from yaat.failure import Silence
from yaat.handler import examine
from yaat.records import ExceptionHandler, Protocol, ResponseType
from yaat.responses import JSONResponse, StreamResponse, TextResponse

from .asgi_driver import Answer, ask, make_scope
from .asgi_exchange import Exchange

Handlers = dict[Any, Callable[..., Any]]


def say(text: str, status: int = 200) -> Callable[..., Any]:
    """Return an exception handler that tells which one it is."""
    return lambda request, error: (text, status)


def make_app(error: Any = ValueError, **options: Any) -> Yaat:
    """Return an app that raises *error* at `/`."""
    app = Yaat(autoload=False, **options)

    @app.get("/")
    async def fail(request: Request) -> None:
        raise error() if callable(error) else error

    return app


def get(error: Any, handlers: Handlers, path: str = "/", **options: Any) -> Answer:
    return ask(make_app(error, exception_handlers=handlers, **options), "GET", path)


# --- which handler ---


class Base(Exception):
    pass


class Middle(Base):
    pass


class Leaf(Middle, LookupError):
    pass


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ([Base, Middle, Leaf], Leaf),
        ([Base, Middle], Middle),
        ([LookupError, Base], Base),
        ([Exception, LookupError], LookupError),
        ([Exception, 500], Exception),
        ([500], 500),
    ],
)
def test_the_nearest_class_answers(keys: list[Any], chosen: Any) -> None:
    """Handlers are looked up along the method resolution order; 500 is for what no class is for."""
    assert get(Leaf(), {key: say(str(key)) for key in keys}).text == str(chosen)


class Teapot(HTTPException):
    def __init__(self) -> None:
        super().__init__(418)


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [([HTTPException, Teapot, 418], 418), ([HTTPException, Teapot], Teapot), ([HTTPException, 400], HTTPException)],
)
def test_a_status_comes_before_classes(keys: list[Any], chosen: Any) -> None:
    """The status of an `HTTPException` is looked up first, and then its classes."""
    assert get(Teapot, {key: say(str(key)) for key in keys}).text == str(chosen)


@pytest.mark.parametrize("key", [Exception, 500])
def test_a_general_handler_is_not_for_answers(key: Any) -> None:
    """A handler for `Exception` or 500 is for what nobody expected; an `HTTPException` is an answer already."""
    assert get(Teapot, {key: say("general")}).status == 418


def test_an_answer_with_status_500_has_a_handler_by_status() -> None:
    """`HTTPException(500)` is an answer like others: the handler for 500 gets it."""
    assert get(HTTPException(500), {500: say("own")}).text == "own"


@pytest.mark.parametrize("key", [404, NotFound, HTTPException])
def test_unknown_paths_have_handlers(key: Any) -> None:
    """A 404 that Yaat answers by itself goes to the same handlers."""
    assert get(ValueError, {key: say("own 404", 404)}, "/nowhere").text == "own 404"


@pytest.mark.parametrize("key", [405, MethodNotAllowed, HTTPException])
def test_wrong_methods_have_handlers(key: Any) -> None:
    """So does a 405; what it allows is in the headers of the exception."""

    async def handler(request: Request, error: HTTPException) -> Response:
        return TextResponse("own 405", 405, error.headers)

    answer = ask(make_app(exception_handlers={key: handler}), "POST", "/")
    assert (answer.text, answer["allow"]) == ("own 405", "GET, HEAD, OPTIONS")


def test_options_are_answered_with_handlers_too() -> None:
    """A handler for 405 leaves the automatic answer to OPTIONS alone."""
    answer = ask(make_app(exception_handlers={405: say("own")}), "OPTIONS", "/")
    assert (answer.status, answer["allow"]) == (204, "GET, HEAD, OPTIONS")


def test_inner_layers_are_asked_first() -> None:
    """The route is asked first, then each router from the inside out, then plugins, and the app last."""

    class Help(Plugin):
        name = "help"

        @hookimpl
        def yaat_register_exception_handlers(self, app: Yaat) -> list[ExceptionHandler]:
            return [ExceptionHandler(key=key, handler=say("plugin")) for key in (KeyError, OSError)]

    app = make_app(exception_handlers={KeyError: say("app"), ArithmeticError: say("app")}, plugins=[Help()])
    outer, inner = Router(exception_handlers={Base: say("outer")}), Router(exception_handlers={Middle: say("inner")})
    errors: dict[str, Exception] = {
        "leaf": Leaf(),
        "base": Base(),
        "key": KeyError(),
        "os": OSError(),
        "zero": ZeroDivisionError(),
    }

    @inner.get("/{kind}")
    async def fail(request: Request, kind: str) -> None:
        raise errors[kind]

    @inner.get("/own", exception_handlers={Leaf: say("route")})
    async def own(request: Request) -> None:
        raise Leaf

    outer.mount("/b", inner)
    app.mount("/a", outer)
    answers = {kind: ask(app, "GET", f"/a/b/{kind}").text for kind in (*errors, "own")}
    assert answers == {"leaf": "inner", "base": "outer", "key": "app", "os": "plugin", "zero": "app", "own": "route"}


def test_an_inner_general_handler_comes_before_an_outer_special_one() -> None:
    """Layers come before classes: a router that answers for `Exception` answers for all that its routes raise."""
    app = make_app(exception_handlers={Leaf: say("app")})
    router = Router(exception_handlers={Exception: say("router")})

    @router.get("/x")
    async def fail(request: Request) -> None:
        raise Leaf

    app.mount(router)
    assert ask(app, "GET", "/x").text == "router"


def test_unknown_paths_below_a_router_are_its_own() -> None:
    """A router's handler for 404 answers for unknown paths below its prefix, and nowhere else."""
    app, router = make_app(exception_handlers={404: say("app")}), Router(exception_handlers={404: say("router")})
    router.add_route("/x", lambda request: "")
    app.mount("/r", router)
    assert [ask(app, "GET", path).text for path in ("/r/nowhere", "/nowhere")] == ["router", "app"]


def test_a_mounted_app_has_its_own_handlers() -> None:
    """An app in another answers with its own handlers first, and its own plain errors otherwise."""
    inner = make_app(Leaf(), exception_handlers={Base: say("inner"), 404: say("inner 404")})
    outer = make_app(Leaf(), exception_handlers={Base: say("outer"), KeyError: say("outer")})

    @inner.get("/key")
    async def find(request: Request) -> None:
        raise KeyError

    outer.mount("/inner", inner)
    paths = ["/", "/inner/", "/inner/nowhere", "/inner/key"]
    assert [ask(outer, "GET", path).text for path in paths] == ["outer", "inner", "inner 404", "outer"]


def test_answers_of_one_status_have_handlers_by_class() -> None:
    """What is kept of the first one is not for those of another class."""

    class Closed(HTTPException):
        def __init__(self) -> None:
            super().__init__(418)

    errors = iter([Teapot(), Closed(), Teapot()])
    app = make_app(lambda: next(errors), exception_handlers={Teapot: say("teapot"), Closed: say("closed")})
    assert [ask(app, "GET", "/").text for _ in range(3)] == ["teapot", "closed", "teapot"]


def test_a_redirect_can_be_raised() -> None:
    """An `HTTPException` is any answer from 300 up, with its headers."""
    answer = get(HTTPException(303, headers={"location": "/login"}), {})
    assert (answer.status, answer["location"]) == (303, "/login")


# --- what a handler gives ---


@pytest.mark.parametrize(
    ("value", "status", "text"),
    [
        ("text", 200, "text"),
        ({"a": 1}, 200, '{"a":1}'),
        (({"a": 1}, 422), 422, '{"a":1}'),
        (JSONResponse([1], 409), 409, "[1]"),
        (TextResponse("text", 409), 409, "text"),
    ],
    ids=["text", "dict", "status", "JSON", "response"],
)
@pytest.mark.parametrize("is_async", [False, True])
def test_a_handler_may_give_what_others_may(value: Any, status: int, text: str, is_async: bool) -> None:
    """Exception handlers are plain or asynchronous, and return whatever other handlers may."""

    def plain(request: Request, error: Exception) -> Any:
        return value

    async def asynchronous(request: Request, error: Exception) -> Any:
        return value

    answer = get(ValueError(), {ValueError: asynchronous if is_async else plain})
    assert (answer.status, answer.text) == (status, text)


def test_what_a_handler_gives_is_converted_for_the_request() -> None:
    """A response type gets the request, as it does for what other handlers return."""

    class Paths(Plugin):
        name = "paths"

        @hookimpl
        def yaat_register_response_types(self, app: Yaat) -> ResponseType:
            return ResponseType(type=int, convert=lambda value, request: f"{value} {request.path}")

    app = make_app(ValueError, exception_handlers={ValueError: lambda request, error: 7}, plugins=[Paths()])
    assert [ask(app, "GET", "/").text for _ in range(2)] == ["7 /", "7 /"]


def test_a_handler_gets_the_request_and_the_exception() -> None:
    """The exception is the very object that was raised."""
    error = ValueError("mine")
    seen: list[Any] = []

    def note(request: Request, caught: Exception) -> str:
        seen.extend([request.path, caught, request.error])
        return ""

    get(error, {ValueError: note})
    assert seen == ["/", error, error]


@pytest.mark.parametrize(
    "handler", [lambda: "", lambda request: "", lambda request, error, app: "", "text"], ids=["0", "1", "3", "none"]
)
@pytest.mark.parametrize("place", ["app", "route"])
def test_a_handler_that_takes_something_else_stops_the_build(handler: Any, place: str) -> None:
    """What an exception handler takes is checked when the app is built, and the message says where it was added."""
    app = make_app(exception_handlers={ValueError: handler} if place == "app" else None)
    if place == "route":
        app.add_route("/x", lambda request: "", exception_handlers={ValueError: handler})
    with pytest.raises(HandlerError, match=r"(?s)handler for ValueError, added at .*test_failure\.py:\d+ by the app"):
        app.build()


@pytest.mark.parametrize("value", [None, object(), ("text", 99)], ids=["nothing", "object", "no status"])
def test_a_handler_that_gives_no_response_is_a_500(value: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The error names the exception handler."""

    def odd(request: Request, error: Exception) -> Any:
        return value

    assert get(ValueError("first"), {ValueError: odd}).status == 500
    assert f"Raised by the exception handler {odd.__qualname__} (" in caplog.text
    assert "ValueError('first')" in caplog.text
    assert "It was returned by the handler" not in caplog.text


# --- handlers that fail themselves ---


def test_a_handler_that_fails_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """The client gets the plain 500, and the log has both errors."""

    async def fail(request: Request, error: Exception) -> None:
        raise KeyError("second")

    answer = get(ValueError("first"), {ValueError: fail, KeyError: say("never"), 500: say("never")})
    assert (answer.status, len(caplog.records)) == (500, 1)
    for text in ("KeyError: 'second'", "ValueError: first", f"Raised by the exception handler {fail.__qualname__} ("):
        assert text in caplog.text


class Broken:
    """An exception handler that is an object, and fails."""

    def __call__(self, request: Request, error: Exception) -> Any:
        raise KeyError("second")


@pytest.mark.parametrize("kind", ["function", "coroutine function", "object", "partial function", "decorated"])
def test_the_log_names_the_exception_handler_that_failed(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """Name and line are those of what was registered, however it is called."""

    def plain(request: Request, error: Exception) -> None:
        raise KeyError("second")

    async def asynchronous(request: Request, error: Exception) -> None:
        raise KeyError("second")

    @wraps(asynchronous)
    def decorated(*arguments: Any) -> Any:
        return asynchronous(*arguments)

    async def configured(settings: Any, request: Request, error: Exception) -> None:
        raise KeyError("second")

    kinds: dict[str, tuple[Any, Any]] = {
        "function": (plain, plain),
        "coroutine function": (asynchronous, asynchronous),
        "object": (Broken(), Broken.__call__),
        "partial function": (partial(configured, {}), configured),
        "decorated": (decorated, asynchronous),
    }
    handler, function = kinds[kind]
    app = make_app(lambda: ValueError("first"), exception_handlers={ValueError: handler})
    for _ in range(2):
        assert ask(app, "GET", "/").status == 500
    [note, again] = re.findall("Raised by the .*", caplog.text)
    assert note == again
    assert note.startswith(f"Raised by the exception handler {function.__qualname__} (")
    assert note.endswith(f"test_failure.py:{function.__code__.co_firstlineno}) for ValueError('first').")


def test_an_exception_handler_that_waits_for_what_is_cancelled_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """It is a failure of that handler, and no reason for the server to give the request up."""

    async def wait(request: Request, error: Exception) -> None:
        raise asyncio.CancelledError

    assert get(ValueError("first"), {ValueError: wait}).status == 500
    assert "RuntimeError: It waited for something that somebody else has cancelled." in caplog.text
    assert f"Raised by the exception handler {wait.__qualname__} (" in caplog.text
    assert "for ValueError('first').\n" in caplog.text


@pytest.mark.parametrize("given", [("text", 418), {"a": 1}, JSONResponse([1]), TextResponse("x"), KeyError("second")])
def test_the_second_time_is_as_the_first(given: Any, caplog: pytest.LogCaptureFixture) -> None:
    """What is kept of the first exception of a class changes nothing for the next one."""

    async def answer(request: Request, error: Exception) -> Any:
        if isinstance(given, Exception):
            raise given
        return given

    app = make_app(lambda: ValueError("first"), exception_handlers={ValueError: answer})
    first, *others = [ask(app, "GET", "/") for _ in range(3)]
    assert others == [first, first]
    assert len(caplog.records) == (3 if isinstance(given, Exception) else 0)


def test_each_status_has_its_own_handler_again_and_again() -> None:
    """What is kept of the first `HTTPException` is not for one with another status."""
    statuses = iter([404, 409, 404])
    app = make_app(lambda: HTTPException(next(statuses)), exception_handlers={404: say("lost"), 409: say("taken")})
    assert [ask(app, "GET", "/").text for _ in range(3)] == ["lost", "taken", "lost"]


class Page:
    """A view whose answer no JSON can hold."""

    async def get(self, request: Request) -> JSONResponse:
        return JSONResponse({1: object()})

    async def post(self, request: Request) -> JSONResponse:
        return JSONResponse({2: object()})


@pytest.mark.parametrize(("method", "name"), [("GET", "get"), ("HEAD", "get"), ("POST", "post")])
@pytest.mark.parametrize("view", [Page, Page()])
def test_the_log_names_the_method_of_a_view(
    view: Any, method: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Where an answer cannot be sent, the log says which method of a view gave it: HEAD is answered by GET."""
    app = Yaat(autoload=False)
    app.add_route("/", view)
    assert ask(app, method, "/").status == 500
    assert f"It was returned by the handler Page.{name} (" in caplog.text


class Answering:
    """A handler that is an object; its `get` is its own affair."""

    def get(self) -> None: ...

    async def __call__(self, request: Request) -> JSONResponse:
        return JSONResponse({1: object()})


def test_the_log_names_an_object_that_is_called(caplog: pytest.LogCaptureFixture) -> None:
    """It is no view, whatever methods it has."""
    app = Yaat(autoload=False)
    app.add_route("/", Answering())
    assert ask(app, "GET", "/").status == 500
    assert f"It was returned by the handler {Answering.__call__.__qualname__} (" in caplog.text


@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_the_log_blames_no_handler_for_what_middleware_answers(path: str, caplog: pytest.LogCaptureFixture) -> None:
    """What middleware has answered, no handler has returned."""

    class Odd:
        def process_request(self, request: Request) -> Any:
            return object()

    assert get(None, {}, path, middleware=[Odd]).status == 500
    [record] = caplog.records
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ResponseError)
    assert re.findall("It was .*", caplog.text) == ["It was the middleware 'Odd' that answered so."]


def test_the_log_names_a_handler_once(caplog: pytest.LogCaptureFixture) -> None:
    """An error that names the handler whose answer cannot be sent is not told it again."""
    app = Yaat(autoload=False)
    app.add_route("/", lambda request: object())
    assert ask(app, "GET", "/").status == 500
    assert "<lambda> (" in caplog.text
    assert "It was returned by the handler" not in caplog.text


def test_a_handler_may_raise_an_answer() -> None:
    """An exception handler may turn one exception into another answer by raising it."""

    def translate(request: Request, error: Exception) -> None:
        raise NotFound("No such thing.")

    assert get(LookupError(), {LookupError: translate}).status == 404


class Unspeakable(Exception):
    """Cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    __str__ = __repr__


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    "handlers",
    [
        {},
        pytest.param({Unspeakable: lambda request, error: 1 / 0}),
    ],
    ids=["plain", "failing handler"],
)
def test_an_exception_that_cannot_be_shown_is_a_500(
    handlers: Handlers, debug: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever was raised, there is one response."""
    assert get(Unspeakable(), handlers, debug=debug).status == 500
    assert ("for Unspeakable.\n" in caplog.text) is bool(handlers)


@pytest.mark.parametrize("value", ["a\r\nb: c", "\x00", "a\nb"])
def test_headers_that_cannot_be_sent_are_a_500(value: str, caplog: pytest.LogCaptureFixture) -> None:
    """An `HTTPException` with a malformed header is a mistake of the handler."""
    answer = get(HTTPException(400, headers={"x": value}), {})
    assert (answer.status, len(caplog.records)) == (500, 1)


def test_members_that_json_cannot_hold_are_a_500(caplog: pytest.LogCaptureFixture) -> None:
    """So is one with members that cannot be written."""
    assert get(HTTPException(400, thing=object()), {}).status == 500
    assert "cannot be written as JSON" in caplog.text


# --- what is logged and told ---


@pytest.mark.parametrize(
    "handlers", [{}, {Exception: say("own", 500)}, {500: say("own", 500)}], ids=["none", "Exception", "500"]
)
def test_what_nobody_expected_is_logged_once(handlers: Handlers, caplog: pytest.LogCaptureFixture) -> None:
    """The log has traceback, request, route, owner and line, also where a general handler answers."""
    get(ValueError("lost"), handlers)
    [record] = caplog.records
    assert (record.name, record.levelname) == ("yaat.error", "ERROR")
    assert re.fullmatch(r"GET '/' failed \(route / of the app, added at \S+:\d+\)", record.getMessage())
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ValueError)


async def test_what_passes_several_layers_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    """An error that breaks a stream off goes through all that is around the route, and is logged by the first of it."""

    async def parts() -> AsyncIterator[str]:
        yield "a"
        await asyncio.sleep(0)
        raise LookupError("lost")

    app = Yaat(autoload=False, middleware=[lambda app: app])

    @app.get("/", middleware=[lambda app: app])
    async def stream(request: Request) -> Response:
        return StreamResponse(parts())

    with pytest.raises(LookupError, match="lost"):
        await Exchange().serve(app)
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    ("error", "handlers"),
    [(HTTPException(500), {}), (NotFound(), {}), (Leaf(), {Base: say("own")}), (BadRequest(), {400: say("own")})],
    ids=["answer 500", "answer 404", "own class", "own status"],
)
def test_what_somebody_expected_is_not_logged(
    error: Exception, handlers: Handlers, caplog: pytest.LogCaptureFixture
) -> None:
    """Answers, and exceptions that have a handler of their own, are nobody's mistake."""
    get(error, handlers)
    assert caplog.records == []


class Talk:
    """A handler of another protocol than HTTP."""

    async def hear(self, connection: Request) -> None: ...


def test_the_log_names_the_protocol_and_its_handler(caplog: pytest.LogCaptureFixture) -> None:
    """A connection of another protocol has no method."""

    def make_endpoint(placed: Any, place: Any) -> Any:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            connection = Request[Any](scope, receive, place)
            assert (await place.failure.respond(connection, ResponseError("It cannot be sent."))).status_code == 500

        return serve

    class Chat(Plugin):
        name = "chat"

        @hookimpl
        def yaat_register_protocols(self, app: Yaat) -> Protocol:
            return Protocol(
                name="chat",
                make_endpoint=make_endpoint,
                make_fallback=lambda place: make_endpoint(None, place),
                examine=lambda view: examine(view.hear, view=view),
            )

    app = Yaat(autoload=False, plugins=[Chat()])
    app.add_route("/", Talk, protocol="chat")
    scope = make_scope("", "/", type="chat")
    del scope["method"]
    exchange = Exchange()
    asyncio.run(app(scope, exchange.receive, exchange.send))
    assert "chat '/' failed (route / of the app, added at " in caplog.text
    assert f"It was returned by the handler {Talk.__qualname__}" in caplog.text


def test_the_log_names_the_plugin(caplog: pytest.LogCaptureFixture) -> None:
    """A route of a plugin is logged with the plugin."""
    from yaat.routing import Route  # noqa: PLC0415 - one test needs it

    class Shop(Plugin):
        name = "shop"

        @hookimpl
        def yaat_register_routes(self, app: Yaat) -> Route:
            return Route(path="/shop", handler=self.fail)

        async def fail(self, request: Request) -> None:
            raise ValueError

    get(None, {}, "/shop", plugins=[Shop()])
    assert "GET '/shop' failed (route /shop of plugin 'shop'" in caplog.text


def test_errors_outside_any_route_are_logged_as_such(caplog: pytest.LogCaptureFixture) -> None:
    """Middleware may fail for a path that nobody serves."""

    class Fail:
        def process_request(self, request: Request) -> None:
            raise ValueError

    assert get(None, {}, "/nowhere", middleware=[Fail]).status == 500
    assert "GET '/nowhere' failed (no route)" in caplog.text


@pytest.mark.parametrize(
    ("error", "handlers", "told"),
    [
        (ValueError("lost"), {}, ["lost"]),
        (ValueError("lost"), {ValueError: say("own")}, []),
        (HTTPException(500), {}, []),
    ],
    ids=["unhandled", "handled", "answer"],
)
def test_a_test_client_can_learn_of_errors(error: Exception, handlers: Handlers, told: list[str]) -> None:
    """Errors that became a 500 are put on the list `scope["extensions"]["yaat.unhandled"]`, if there is one."""
    unhandled: list[Exception] = []
    app = make_app(error, exception_handlers=handlers)
    ask(app, "GET", "/", scope={"extensions": {"yaat.unhandled": unhandled}})
    assert [str(error) for error in unhandled] == told
    assert ask(app, "GET", "/", scope={"extensions": None}).status


# --- a client that left ---


def test_a_client_that_left_has_handlers_by_its_own_class_only() -> None:
    """`ClientDisconnect` goes to handlers for it, and to no more general one; what they give reaches nobody."""
    seen: list[str] = []

    def note(name: str) -> Callable[..., Any]:
        def handler(request: Request, error: Exception) -> str:
            seen.append(name)
            return "nobody reads this"

        return handler

    async def visit(handlers: Handlers) -> list[Any]:
        app = Yaat(autoload=False, exception_handlers=handlers)

        @app.post("/")
        async def read(request: Request) -> bytes:
            return await request.body()

        exchange = Exchange(is_complete=False)
        exchange.leave(breaks_send=True)
        await exchange.serve(app, "POST")
        return exchange.sent

    assert asyncio.run(visit({Exception: note("general"), 500: note("500")})) == []
    assert asyncio.run(visit({ClientDisconnect: note("own")})) == []
    assert seen == ["own"]


def test_a_client_that_left_is_no_matter_of_middleware() -> None:
    """Middleware sees the end of a request whose client left; what it adds to the response reaches nobody."""
    seen: list[int] = []

    class Look:
        def process_response(self, request: Request, response: Response) -> None:
            response.headers["x"] = "1"
            seen.append(response.status_code)

    app = make_app(ClientDisconnect("left"), middleware=[Look])
    exchange = Exchange()
    asyncio.run(exchange.serve(app))
    assert (exchange.sent, seen) == ([], [200])


class OtherLeft(ClientDisconnect):
    """The client of another connection has left."""

    def is_of(self, connection: Any) -> bool:
        return False


def test_a_client_of_another_connection_that_left_is_a_mistake(caplog: pytest.LogCaptureFixture) -> None:
    """Who sends to others has to expect it. This client is still there and gets its answer; the log has the rest."""
    seen: list[Exception] = []

    def note(request: Request, error: Exception) -> str:
        seen.append(error)
        return "sorry"

    assert ask(make_app(OtherLeft("left")), "GET", "/").status == 500
    assert "nobody caught the OtherLeft of sending to it" in caplog.text
    handlers: Handlers = {ClientDisconnect: note, RuntimeError: note}
    assert ask(make_app(OtherLeft("left"), exception_handlers=handlers), "GET", "/").text == "sorry"
    assert [type(error) for error in seen] == [RuntimeError]
    assert isinstance(seen[0].__cause__, OtherLeft)


def test_silence_is_no_content() -> None:
    """The response for nobody has no content, and sends nothing."""
    complete: Callable[..., Any] = Silence().complete
    assert complete(repr) is None
    exchange = Exchange()
    asyncio.run(Silence()({}, exchange.receive, exchange.send))
    assert exchange.sent == []


# --- registration ---


@pytest.mark.parametrize("key", [200, 600, BaseException, "404", ValueError("x")])
def test_a_key_that_nothing_is_looked_up_by_is_refused(key: Any) -> None:
    """An exception handler is for a status of an answer, or for a class of exceptions."""
    with pytest.raises(ConfigurationError, match="An exception handler is for"):
        Yaat(autoload=False).add_exception_handler(key, say(""))


def test_the_decorator_gives_the_function_back() -> None:
    """`exception_handler` registers a function and leaves it alone."""
    app = make_app(BadRequest())

    @app.exception_handler(400)
    def own(request: Any, error: Any) -> str:
        return "own"

    assert (ask(app, "GET", "/").text, own(None, None)) == ("own", "own")
