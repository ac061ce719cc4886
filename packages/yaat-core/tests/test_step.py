"""The kinds of middleware: what each of them may be, and what is said of what is none."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any

import pytest

from yaat import HTTPException, Middleware, Request, Response, Yaat
from yaat.asgi import ASGIApp, Message, Receive, Scope, Send
from yaat.exceptions import MiddlewareError
from yaat.responses import TextResponse

from .asgi_driver import Answer, ask, call


def make_app(*middleware: Any, **options: Any) -> Yaat:
    app = Yaat(autoload=False, middleware=middleware, **options)

    @app.get("/")
    async def hello(request: Request) -> str:
        return "hello"

    @app.get("/fail")
    async def fail(request: Request) -> str:
        raise LookupError("lost")

    return app


def get(*middleware: Any, path: str = "/", **options: Any) -> Answer:
    return ask(make_app(*middleware, **options), "GET", path)


def refuse(*middleware: Any) -> str:
    """Return the message of the build that *middleware* stops."""
    with pytest.raises(MiddlewareError) as caught:
        make_app(*middleware).build()
    return str(caught.value)


# --- classes with process_request and process_response ---


class Both:
    """Notes what it sees."""

    def __init__(self, seen: list[str] | None = None, label: str = "both") -> None:
        self.seen = [] if seen is None else seen
        self.label = label

    def process_request(self, request: Request) -> None:
        self.seen.append(f"{self.label} {request.path}")

    def process_response(self, request: Request, response: Response) -> None:
        self.seen.append(f"{self.label} {request.path} {response.status_code}")


class AsyncBoth:
    def __init__(self, seen: list[str]) -> None:
        self.seen = seen

    async def process_request(self, request: Request) -> None:
        await asyncio.sleep(0)
        self.seen.append(f"both {request.path}")

    async def process_response(self, request: Request, response: Response) -> None:
        await asyncio.sleep(0)
        self.seen.append(f"both {request.path} {response.status_code}")


@pytest.mark.parametrize("kind", [Both, AsyncBoth])
def test_a_class_sees_request_and_response(kind: type) -> None:
    """`process_request` runs before the handler and `process_response` after it, plain or asynchronous."""
    seen: list[str] = []
    assert get(Middleware(kind, seen=seen)).text == "hello"
    assert seen == ["both /", "both / 200"]


def test_a_class_is_made_once() -> None:
    """One object serves all requests on all routes; options are arguments of its constructor."""
    seen: list[str] = []
    app = make_app(Middleware(Both, seen=seen, label="one"))
    for path in ("/", "/nowhere"):
        ask(app, "GET", path)
    assert seen == ["one /", "one / 200", "one /nowhere", "one /nowhere 404"]


def test_an_instance_is_taken_as_it_is() -> None:
    """An object that was made already can be given too."""
    instance = Both()
    assert (get(instance).text, instance.seen) == ("hello", ["both /", "both / 200"])


def test_process_response_may_take_the_response_alone() -> None:
    """A middleware that does not need the request need not take it."""

    class Stamp:
        def process_response(self, response: Response) -> None:
            response.headers["x-stamp"] = "1"

    assert get(Stamp)["x-stamp"] == "1"


def test_one_of_the_two_methods_will_do() -> None:
    """A class may have `process_request` alone."""

    class Name:
        def process_request(self, request: Request) -> None:
            request.state.name = "Ann"

    app = make_app(Name)

    @app.get("/name")
    async def name(request: Request) -> str:
        text: str = request.state.name
        return text

    assert ask(app, "GET", "/name").text == "Ann"


@pytest.mark.parametrize(
    "answer", [TextResponse("no", 403), ("no", 403)], ids=["a response", "what a handler could return"]
)
def test_process_request_may_answer(answer: Any) -> None:
    """What `process_request` returns is the response, and the handler does not run."""

    class Guard:
        def process_request(self, request: Request) -> Any:
            return answer

    assert (get(Guard, path="/fail").status, get(Guard).text) == (403, "no")


def test_process_response_may_answer() -> None:
    """What `process_response` returns takes the place of the response; an asynchronous one may too."""

    class Shout:
        async def process_response(self, response: Response) -> str:
            return response.body.decode().upper()

    assert get(Shout).text == "HELLO"


# --- around ---


def around(request: Request, seen: list[str]) -> Generator[Any, Any]:
    seen.append(f"before {request.path}")
    response = yield
    seen.append(f"after {response.status_code}")


async def async_around(request: Request, seen: list[str]) -> AsyncGenerator[Any, Any]:
    await asyncio.sleep(0)
    seen.append(f"before {request.path}")
    response = yield
    await asyncio.sleep(0)
    seen.append(f"after {response.status_code}")


@pytest.mark.parametrize("factory", [around, async_around])
def test_a_generator_runs_around_the_handler(factory: Any) -> None:
    """What stands before `response = yield` runs before the handler, the rest after it, with the response."""
    seen: list[str] = []
    assert (get(Middleware(factory, seen=seen)).text, seen) == ("hello", ["before /", "after 200"])


@pytest.mark.parametrize("factory", [around, async_around])
def test_a_generator_sees_the_response_to_an_exception(factory: Any) -> None:
    """An exception is a response already when it comes to middleware; `request.error` tells what it was."""
    seen: list[str] = []
    app = make_app(Middleware(factory, seen=seen), exception_handlers={LookupError: lambda request, error: ("", 410)})
    assert (ask(app, "GET", "/fail").status, seen) == (410, ["before /fail", "after 410"])


def replace(request: Request) -> Generator[Any, Any]:
    response: Response = yield
    yield TextResponse(response.body.upper())


async def async_replace(request: Request) -> AsyncGenerator[Any, Any]:
    response: Response = yield
    yield {"text": response.body.decode()}


@pytest.mark.parametrize(("factory", "text"), [(replace, "HELLO"), (async_replace, '{"text":"hello"}')])
def test_a_second_yield_replaces_the_response(factory: Any, text: str) -> None:
    """What the second `yield` gives is sent instead."""
    assert get(factory).text == text


def test_a_second_yield_of_nothing_leaves_the_response_alone() -> None:
    """As everywhere, `None` changes nothing."""

    def leave(request: Request) -> Generator[Any, Any]:
        yield
        yield

    assert get(leave).text == "hello"


def make_early(events: list[str]) -> list[Callable[..., Any]]:
    def early(request: Request) -> Generator[Any, Any]:
        try:
            yield TextResponse("early", 202)
        finally:
            events.append("closed")

    async def async_early(request: Request) -> AsyncGenerator[Any, Any]:
        try:
            yield ("early", 202)
        finally:
            events.append("closed")

    return [early, async_early]


@pytest.mark.parametrize("index", [0, 1], ids=["plain", "asynchronous"])
def test_a_first_yield_of_a_response_answers(index: int) -> None:
    """A generator whose first `yield` gives something has answered; the handler does not run, and `finally` does."""
    events: list[str] = []
    answer = get(make_early(events)[index], path="/fail")
    assert (answer.status, answer.text, events) == (202, "early", ["closed"])


def ended(request: Request) -> Generator[Any, Any]:
    if request.path == "/elsewhere":
        yield


async def async_ended(request: Request) -> AsyncGenerator[Any, Any]:
    if request.path == "/elsewhere":
        yield


@pytest.mark.parametrize("factory", [ended, async_ended])
def test_a_generator_that_ends_without_yield_is_an_error(factory: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Then nobody knows whether the handler should run; the message names the middleware."""
    assert get(factory).status == 500
    assert f"The middleware '{factory.__name__}' ended without a 'yield'" in caplog.text


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("is_async", [False, True])
def test_what_a_generator_raises_reaches_the_handlers(place: str, is_async: bool) -> None:
    """An exception before or after the `yield` is answered as if a handler had raised it."""

    def fails(request: Request) -> Generator[Any, Any]:
        if place == "before":
            raise HTTPException(418)
        yield
        raise HTTPException(418)

    async def async_fails(request: Request) -> AsyncGenerator[Any, Any]:
        if place == "before":
            raise HTTPException(418)
        yield
        raise HTTPException(418)

    handlers = {418: lambda request, error: ("short and stout", 418)}
    answer = get(async_fails if is_async else fails, exception_handlers=handlers)
    assert (answer.status, answer.text) == (418, "short and stout")


# --- a request that is cancelled ---


def make_waiting(events: list[str], *middleware: Any) -> tuple[Yaat, asyncio.Event]:
    """Return an app whose handler waits for ever, and an event that tells that it does."""
    is_waiting = asyncio.Event()

    def plain(request: Request) -> Generator[Any, Any]:
        try:
            yield
        finally:
            events.append("plain")

    async def asynchronous(request: Request) -> AsyncGenerator[Any, Any]:
        try:
            yield
        finally:
            await asyncio.sleep(0)
            events.append("asynchronous")

    app = Yaat(autoload=False, middleware=[plain, asynchronous, *middleware])

    @app.get("/")
    async def wait(request: Request) -> None:
        is_waiting.set()
        await asyncio.Event().wait()

    return app, is_waiting


async def cancel(app: Yaat, is_waiting: asyncio.Event) -> None:
    task = asyncio.create_task(call(app, "GET", "/"))
    await is_waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancelled_request_closes_generators() -> None:
    """When the server cancels a request, the `finally` of each generator runs, the innermost first."""
    events: list[str] = []
    await cancel(*make_waiting(events))
    assert events == ["asynchronous", "plain"]


async def test_a_generator_that_fails_to_close_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """What a generator raises while it is closed is logged, and keeps no other from being closed."""

    def broken(request: Request) -> Generator[Any, Any]:
        try:
            yield
        finally:
            raise LookupError("lost in cleaning up")

    events: list[str] = []
    await cancel(*make_waiting(events, broken))
    assert (events, "lost in cleaning up" in caplog.text) == (["asynchronous", "plain"], True)


async def test_a_request_that_is_cancelled_on_its_way_out_closes_generators() -> None:
    """So it is when the request is cancelled while middleware looks at the response."""
    is_waiting = asyncio.Event()
    events: list[str] = []

    class Slow:
        async def process_response(self, response: Response) -> None:
            is_waiting.set()
            await asyncio.Event().wait()

    app, _ = make_waiting(events, Slow)
    app.add_route("/quick", lambda request: "quick")
    task = asyncio.ensure_future(call(app, "GET", "/quick"))
    await is_waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert events == ["asynchronous", "plain"]


# --- raw ASGI ---


class Header:
    """Raw ASGI middleware that adds a header."""

    def __init__(self, app: ASGIApp, value: str = "raw") -> None:
        self.app = app
        self.value = value

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-raw", self.value.encode())]
            await send(message)

        await self.app(scope, receive, send_on)


@pytest.mark.parametrize(
    ("middleware", "value"),
    [
        (Header, "raw"),
        (Middleware(Header, value="other"), "other"),
        (Middleware(lambda app, colour: Header(app, value=colour), colour="red"), "red"),
    ],
    ids=["class", "class with options", "factory with options"],
)
def test_an_asgi_class_or_factory_wraps_the_app(middleware: Any, value: str) -> None:
    """Anything that is called with an ASGI app and gives one back is middleware; options are keyword arguments."""
    answer = get(middleware)
    assert (answer["x-raw"], answer.text) == (value, "hello")


def test_a_factory_that_does_not_tell_what_it_takes_is_tried() -> None:
    """Functions written in C need not have a signature; what they raise says where they were given."""
    app = Yaat(autoload=False, middleware=[iter])
    with pytest.raises(TypeError) as caught:
        app.build()
    assert "Raised by the middleware 'iter' when it was made. It was added at " in caught.value.__notes__[0]


def test_a_method_that_does_not_tell_what_it_takes_is_tried() -> None:
    """The same goes for methods."""

    class Largest:
        process_request = max

    assert get(Largest, exception_handlers={TypeError: lambda request, error: str(error)}).text.endswith("not iterable")


def test_an_asgi_class_leaves_other_protocols_alone() -> None:
    """Unless it says otherwise, middleware is for HTTP."""
    app = make_app(Header)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    events = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Message:
        return next(events)

    asyncio.run(app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send))
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


# --- what is none ---


async def call_next_style(request: Any, call_next: Any) -> Any:
    """The form that other frameworks know."""


def plain_call_next_style(request: Any, call_next: Any) -> Any:
    """The same, plain."""


async def asgi_app(scope: Scope, receive: Receive, send: Send) -> None:
    """An app, and no middleware."""


class Dispatch:
    async def dispatch(self, request: Any, call_next: Any) -> Any:
        """The form of a base class elsewhere."""


@pytest.mark.parametrize(
    "thing",
    [object(), "cors", call_next_style, plain_call_next_style, asgi_app, Dispatch, Dispatch(), lambda: None],
    ids=["object", "text", "coroutine function", "function", "ASGI app", "class", "instance", "no arguments"],
)
def test_what_is_no_middleware_stops_the_build(thing: Any) -> None:
    """The message names the thing, where it was given and by whom, and shows each kind to write."""
    message = refuse(thing)
    assert f"{thing!r} is no middleware. It was added at " in message
    assert re.search(r"test_step\.py:\d+ by the app\.", message)
    for kind in ("process_request(self, request)", "response = yield", "__init__(self, app, …)"):
        assert kind in message


@pytest.mark.parametrize(
    ("middleware", "what"),
    [
        (Middleware(Both, colour="red"), "'Both' cannot be called with colour=: got an unexpected keyword"),
        (AsyncBoth, "'AsyncBoth' cannot be called with nothing: missing a required argument: 'seen'"),
        (around, "'around' cannot be called with the request: missing a required argument: 'seen'"),
        (Middleware(Header, colour="red"), "'Header' cannot be called with the app, colour=: got an unexpected"),
    ],
)
def test_options_that_do_not_fit_stop_the_build(middleware: Any, what: str) -> None:
    """A misspelt or missing option is told when the app is built, not by the first request."""
    assert what in refuse(middleware)


def test_options_for_an_instance_stop_the_build() -> None:
    """They would be lost: the instance is made already."""
    message = refuse(Middleware(Both(), label="x"))
    assert "'Both' is an instance and takes no more options: label.\nGive them to its constructor." in message


@pytest.mark.parametrize(
    ("method", "function", "due"),
    [
        ("process_request", lambda: None, "the request; it has ()"),
        ("process_request", lambda request, app: None, "the request; it has (request, app)"),
        ("process_response", lambda: None, "the request and the response, or the response alone; it has ()"),
        ("process_response", lambda a, b, c: None, "or the response alone; it has (a, b, c)"),
    ],
)
def test_a_method_that_takes_something_else_stops_the_build(method: str, function: Any, due: str) -> None:
    """The message says what the method is given."""
    message = refuse(type("Odd", (), {method: staticmethod(function)}))
    assert message.startswith(f"Odd.{method} takes ")
    assert due in message


@pytest.mark.parametrize("made", [None, "app"])
def test_a_factory_that_gives_no_app_stops_the_build(made: Any) -> None:
    """Most likely somebody forgot to return the wrapped app."""
    assert f"'factory' gave {made!r} for an app, and not an ASGI app." in refuse(make_factory(made))


def make_factory(made: Any) -> Callable[[ASGIApp], Any]:
    def factory(app: ASGIApp) -> Any:
        return made

    return factory


@pytest.mark.parametrize("kind", ["process_request", "__call__"])
def test_what_a_constructor_raises_says_where_it_was_added(kind: str) -> None:
    """The exception is the constructor's own, with a note that names the middleware and its line."""

    class Secret:
        def __init__(self, *app: ASGIApp) -> None:
            raise ValueError("the secret is too short")

    setattr(Secret, kind, lambda self, *arguments: None)
    with pytest.raises(ValueError, match="too short") as caught:
        make_app(Secret).build()
    assert re.search(
        r"middleware 'Secret' when it was made\. It was added at .*:\d+ by the app", caught.value.__notes__[0]
    )
