"""The straight line: one request, one well-formed response, whatever the handler does."""

import asyncio
import sys
from collections.abc import AsyncIterator
from types import FrameType, FunctionType
from typing import Any, NamedTuple

import pytest

from yaat import HTTPException, Plugin, Request, Response, Yaat, hookimpl
from yaat.asgi import Message, Receive, Scope, Send
from yaat.background import BackgroundTask
from yaat.exceptions import ClientDisconnect, ResponseError
from yaat.headers import InvalidHeader
from yaat.records import JSONCodec
from yaat.responses import JSONResponse, RedirectResponse, StreamResponse, TextResponse

from .asgi_driver import Answer, ask, call
from .asgi_exchange import Exchange, take_turns


def make_app(answer: Any = "hello", **options: Any) -> Yaat:
    """Return an app that answers at `/` and at `/{name}`."""
    app = Yaat(autoload=False, **options)

    async def handler(request: Request, name: str = "") -> Any:
        if isinstance(answer, BaseException):
            raise answer
        return answer() if isinstance(answer, FunctionType) else answer

    app.add_route("/", handler)
    app.add_route("/{name}", handler, ["GET", "POST"])
    return app


def get(answer: Any, path: str = "/", method: str = "GET") -> Answer:
    return ask(make_app(answer), method, path)


# --- what a handler is given ---


def test_request_and_headers_are_called_by_their_names() -> None:
    """What the line makes in a quicker way looks as what others make."""
    app = Yaat(autoload=False)

    @app.get("/")
    def show(request: Request) -> str:
        return f"{request!r} {request.headers!r}"

    answer = ask(app, "GET", "/", headers=[("accept", "text/plain")])
    assert answer.text == "<Request GET '/'> Headers([(b'accept', b'text/plain')])"


# --- what is sent ---


@pytest.mark.parametrize("path", ["/", "/name"], ids=["static", "parameter"])
@pytest.mark.parametrize(
    ("answer", "status", "text", "media_type"),
    [
        ("hällo", 200, "hällo", "text/plain; charset=utf-8"),
        ({"a": [1]}, 200, '{"a":[1]}', "application/json"),
        (JSONResponse({"a": 1}, 201), 201, '{"a":1}', "application/json"),
        (TextResponse("a" * 2000), 200, "a" * 2000, "text/plain; charset=utf-8"),
        (TextResponse(""), 200, "", "text/plain; charset=utf-8"),
        (("a", 404), 404, "a", "text/plain; charset=utf-8"),
    ],
    ids=["text", "JSON", "response", "long", "empty", "status"],
)
def test_what_a_handler_returns_is_sent(path: str, answer: Any, status: int, text: str, media_type: str) -> None:
    """The response has its status, type, length and content, whichever way its route was found."""
    sent = get(answer, path)
    assert (sent.status, sent.text, sent["content-type"]) == (status, text, media_type)
    assert sent["content-length"] == str(len(sent.body))


def test_headers_and_cookies_are_sent() -> None:
    """Several headers of one name stay several."""
    response = RedirectResponse("/x", 303)
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    answer = get(response)
    cookies = [value.partition(";")[0] for name, value in answer.headers if name == "set-cookie"]
    assert (answer.status, answer["location"], cookies) == (303, "/x", ["a=1", "b=2"])


@pytest.mark.parametrize("path", ["/", "/name", "/nowhere/at/all"])
@pytest.mark.parametrize("answer", ["hello", HTTPException(404, "Gone."), ValueError()], ids=["text", "404", "500"])
def test_head_is_get_without_content(path: str, answer: Any) -> None:
    """HEAD has the status and the headers of GET, `Content-Length` included, and no content (RFC 9110 §9.3.2)."""
    app = make_app(answer)
    head, full = ask(app, "HEAD", path), ask(app, "GET", path)
    assert (head.status, head.headers, head.body) == (full.status, full.headers, b"")
    assert full["content-length"] == str(len(full.body)) != "0"


@pytest.mark.parametrize("status", [204, 304])
def test_statuses_without_content_have_none(status: int) -> None:
    """A 204 or 304 has no content, whatever the handler says (RFC 9110 §6.4.1)."""
    answer = get(TextResponse("text", status))
    assert (answer.status, answer.body) == (status, b"")


def test_background_work_runs_after_the_response() -> None:
    """The response is complete before background work begins."""
    events: list[str] = []
    exchange = Exchange()
    exchange.has_sent = lambda message: events.append(message["type"])
    response = TextResponse("a", background=BackgroundTask(events.append, "work"))
    asyncio.run(exchange.serve(make_app(response)))
    assert events == ["http.response.start", "http.response.body", "work"]


def test_a_scope_may_do_without_what_is_optional() -> None:
    """`raw_path` and `root_path` need not be there (ASGI spec, "HTTP connection scope")."""

    async def visit(**scope: Any) -> int:
        exchange = Exchange()
        bare = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], **scope}
        await make_app()(bare, exchange.receive, exchange.send)
        return exchange.status

    assert asyncio.run(visit()) == asyncio.run(visit(raw_path=None, root_path="")) == 200


def test_a_handler_may_look_for_its_client() -> None:
    """A request that has listened for its client stops listening when it is done."""

    async def visit() -> tuple[bytes, int]:
        app, exchange = Yaat(autoload=False), Exchange()

        @app.get("/")
        async def look(request: Request) -> str:
            return str(await request.is_disconnected())

        await exchange.serve(app)
        await take_turns()
        return exchange.body, len(asyncio.all_tasks())

    assert asyncio.run(visit()) == (b"False", 1)


# --- what goes wrong ---


@pytest.mark.parametrize("path", ["/", "/name"])
@pytest.mark.parametrize(
    "answer",
    [ValueError("secret"), object(), lambda: JSONResponse(object()), None, ("text", 99)],
    ids=["exception", "no response", "no JSON", "nothing", "no status"],
)
def test_a_mistake_is_a_500(path: str, answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever a handler does wrong, the client gets one response that tells nothing of it; the log has it, once."""
    sent = get(answer, path)
    assert (sent.status, "secret" in sent.text, len(caplog.records)) == (500, False, 1)


def test_the_app_is_usable_afterwards() -> None:
    """After any failure the next request is served as if nothing had been."""
    app = make_app()

    @app.get("/fail/now")
    async def fail(request: Request) -> None:
        raise ValueError

    assert [ask(app, "GET", path).status for path in ("/fail/now", "/", "/fail/now", "/x")] == [500, 200, 500, 200]


@pytest.mark.parametrize("answer", ["text", HTTPException(400), {"a": 1}, TextResponse(""), TextResponse("", 204)])
@pytest.mark.parametrize("path", ["/", "/name"])
def test_a_client_that_has_left_is_no_error(path: str, answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    """When `send` says that nobody is there any more, the request ends quietly (ASGI spec, "Disconnected client")."""
    exchange = Exchange()
    exchange.leave(breaks_send=True)
    asyncio.run(exchange.serve(make_app(answer), path=path))
    assert (exchange.sent, caplog.records) == ([], [])


@pytest.mark.parametrize("path", ["/", "/name"])
def test_a_client_that_leaves_in_the_middle_of_its_request_gets_no_response(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A handler that waits for content is told by `ClientDisconnect`; that is nobody's mistake."""
    caught: list[Exception] = []
    app = Yaat(autoload=False)

    async def read(request: Request, name: str = "") -> bytes:
        try:
            return await request.body()
        except ClientDisconnect as error:
            caught.append(error)
            raise

    app.add_route("/", read, ["POST"])
    app.add_route("/{name}", read, ["POST"])
    exchange = Exchange(b"half", is_complete=False)
    exchange.leave()
    asyncio.run(exchange.serve(app, "POST", path))
    assert (len(caught), exchange.sent, caplog.records) == (1, [], [])


async def test_a_cancelled_request_raises() -> None:
    """When the server cancels a request that is its own business: nothing is answered."""
    exchange, app = Exchange(), Yaat(autoload=False)
    is_waiting = asyncio.Event()

    @app.get("/")
    async def wait(request: Request) -> None:
        is_waiting.set()
        await asyncio.Event().wait()

    task = asyncio.ensure_future(exchange.serve(app))
    await is_waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert exchange.sent == []


async def wait_for_a_cancelled_task() -> None:
    """Wait for a task that ends by being cancelled."""
    task = asyncio.ensure_future(asyncio.Event().wait())
    asyncio.get_running_loop().call_soon(task.cancel)
    await task


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_waiting_for_what_others_have_cancelled_is_a_failure(method: str, caplog: pytest.LogCaptureFixture) -> None:
    """Only the cancellation of the request itself is the server's business: any other is answered, and logged once."""
    app = Yaat(autoload=False)

    @app.get("/")
    async def wait(request: Request) -> None:
        await wait_for_a_cancelled_task()

    assert ask(app, method, "/").status == 500
    [record] = caplog.records
    error = record.exc_info[1] if record.exc_info else None
    assert str(error) == "It waited for something that somebody else has cancelled."
    assert error is not None
    assert isinstance(error.__cause__, asyncio.CancelledError)


@pytest.mark.parametrize("on_disconnect", ["finish", "cancel"])
async def test_a_stream_that_waits_for_what_others_have_cancelled_has_failed(
    on_disconnect: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """It is broken off, as with any error: the server is told, and it is logged."""
    app, exchange = Yaat(autoload=False), Exchange()

    async def produce() -> AsyncIterator[str]:
        yield "part"
        await wait_for_a_cancelled_task()

    @app.get("/", on_disconnect=on_disconnect)
    async def show(request: Request) -> Response:
        return StreamResponse(produce())

    with pytest.raises(RuntimeError, match="something that somebody else has cancelled"):
        await exchange.serve(app)
    assert len(caplog.records) == 1


def test_an_exception_handler_that_waits_for_what_others_have_cancelled_has_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It leads to the plain 500, as any exception handler that fails does."""
    app = make_app(KeyError("first"))

    @app.exception_handler(KeyError)
    async def answer(request: Request, error: KeyError) -> None:
        await wait_for_a_cancelled_task()

    # The second time the exception's class is known to be expected.
    assert [ask(app, "GET", "/").status, ask(app, "GET", "/").status] == [500, 500]
    assert "Raised by the exception handler" in caplog.text


# --- how deep, and past what ---


class Idle(Plugin):
    """Has a hook of nearly every kind, and does nothing."""

    name = "idle"

    @hookimpl
    def yaat_configure(self, app: Yaat, settings: Any) -> None: ...

    @hookimpl
    def yaat_register_middleware(self, app: Yaat) -> None: ...

    @hookimpl
    def yaat_wrap_endpoint(self, app: Yaat, route: Any, endpoint: Any) -> None: ...


def make_idle(number: int) -> Plugin:
    plugin = Idle()
    plugin.name = f"idle{number}"
    return plugin


def list_frames() -> list[str]:
    """Return the functions below the caller's, innermost first, up to the caller of the app."""
    frame: FrameType | None = sys._getframe(1)
    names = []
    while frame is not None and frame.f_code is not call.__code__:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names


@pytest.mark.parametrize("plugins", [0, 1, 10])
@pytest.mark.parametrize("path", ["/", "/{name}"])
def test_a_handler_is_two_frames_from_the_server(path: str, plugins: int) -> None:
    """Between the server and the handler there is one function, with any number of plugins."""
    app = Yaat(autoload=False, plugins=[make_idle(number) for number in range(plugins)])
    frames: list[list[str]] = []

    async def handler(request: Request, **path_params: str) -> str:
        frames.append(list_frames())
        return ""

    app.add_route(path, handler)
    for _ in range(2):
        ask(app, "GET", "/name" if "{" in path else "/")
    assert frames[1] == ["handler", "serve"]


@pytest.mark.parametrize("path", ["/", "/name", "/fail", "/nowhere/at/all", "/stream"])
def test_a_warm_request_meets_no_plugin_machinery(path: str) -> None:
    """Hooks run while the app is built, never for a request: not one call of pluggy or of the plugin manager."""
    app = make_app(plugins=[make_idle(number) for number in range(10)])

    @app.get("/fail")
    async def fail(request: Request) -> None:
        raise HTTPException(400)

    async def parts() -> AsyncIterator[str]:
        yield "a"

    @app.get("/stream")
    async def stream(request: Request) -> Response:
        return StreamResponse(parts())

    ask(app, "GET", path)
    modules: set[str] = set()
    sys.setprofile(lambda frame, event, argument: modules.add(frame.f_globals.get("__name__", "")))
    try:
        ask(app, "GET", path)
    finally:
        sys.setprofile(None)
    assert "yaat.line" in modules
    assert [name for name in modules if name.startswith(("pluggy", "yaat.plugins"))] == []


def test_messages_are_new_for_every_request() -> None:
    """Whoever changes a message changes nothing for the next request."""
    app = make_app()

    def spoil(message: Message) -> None:
        message.get("headers", []).clear()

    for _ in range(2):
        exchange = Exchange()
        exchange.has_sent = spoil
        asyncio.run(exchange.serve(app))
    assert ask(app, "GET", "/")["content-length"] == "5"


# --- responses that are not sent as they came ---


class Signed(TextResponse):
    """Sends its messages in its own way."""

    __slots__ = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.headers["x-signed"] = "yes"
        await super().__call__(scope, receive, send)


class Counted(TextResponse):
    """Has a header that depends on its length."""

    __slots__ = ()

    def make_fields(self, length: int | None) -> list[tuple[bytes, bytes]]:
        return [*super().make_fields(length), (b"x-signed", b"yes")]


@pytest.mark.parametrize("kind", [Signed, Counted])
@pytest.mark.parametrize("options", [{}, {"background": BackgroundTask(int)}, {"headers": {"x-other": "1"}}])
@pytest.mark.parametrize("content", ["hello", ""])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_response_sends_itself_in_its_own_way(kind: Any, options: Any, content: str, method: str) -> None:
    """What a class of responses does when it is sent it does for every method, with content and without."""
    assert get(lambda: kind(content, **options), method=method)["x-signed"] == "yes"


def test_an_exception_handler_may_give_what_sends_itself() -> None:
    """So it does when it is the answer to an exception."""

    async def answer(request: Request, error: Exception) -> Response:
        return Signed("mended")

    app = make_app(KeyError(), exception_handlers={KeyError: answer})
    answers = [ask(app, "GET", "/") for _ in range(2)]
    assert [(each.text, each["x-signed"]) for each in answers] == [("mended", "yes")] * 2


class Redact:
    """Middleware that puts other content in the place of all."""

    def process_response(self, request: Request, response: Response) -> None:
        """Say nothing."""
        response.body = b"[...]"


@pytest.mark.parametrize("background", [None, BackgroundTask(int)])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_content_put_in_the_place_of_a_stream_is_sent(method: str, background: BackgroundTask | None) -> None:
    """Middleware may replace what would have been a stream, which is closed then and never run."""
    closed: list[str] = []

    class Parts:
        def __aiter__(self) -> AsyncIterator[bytes]:
            raise AssertionError("nobody wants them")

        async def aclose(self) -> None:
            closed.append("closed")

    app = make_app(lambda: StreamResponse(Parts(), background=background), middleware=[Redact])
    answer = ask(app, method, "/")
    assert (answer.text, answer["content-length"]) == ("[...]" if method == "GET" else "", "5")
    assert closed == ["closed"]


class Point(NamedTuple):
    """What the codec of the app alone can write."""

    x: int


@pytest.mark.parametrize("status", [200, 304])
def test_json_is_written_once_by_the_codec_of_the_app(status: int) -> None:
    """A response with background work, or without content, is no reason to write it again in another way."""
    written: list[Any] = []

    class Codec(Plugin):
        name = "codec"

        @hookimpl
        def yaat_json_codec(self) -> JSONCodec:
            def encode(value: Any) -> bytes:
                written.append(value)
                return b"point"

            return JSONCodec(encode=encode, decode=bytes)

    background = BackgroundTask(int)
    app = make_app(lambda: JSONResponse(Point, status, background=background), plugins=[Codec()])
    answer = ask(app, "GET", "/")
    assert (answer.status, answer.text) == (status, "point" if status == 200 else "")
    assert written == [Point]


def test_a_stream_may_be_sent_again() -> None:
    """A response that is kept begins anew each time."""
    kept = StreamResponse([b"a", b"b"])
    app = make_app(lambda: kept)
    assert [ask(app, "GET", "/").text for _ in range(2)] == ["ab", "ab"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reset_content_has_no_content(method: str) -> None:
    """A 205 has no content, and says so (RFC 9110 §15.3.6)."""
    answer = get(lambda: TextResponse("much", 205), method=method)
    assert (answer.status, answer.body, answer["content-length"]) == (205, b"", "0")


@pytest.mark.parametrize("make", [TextResponse, JSONResponse, StreamResponse, RedirectResponse])
@pytest.mark.parametrize("status", [0, 99, 100, 101, 600, 1000, "200", None, True])
def test_a_status_that_cannot_be_is_refused_where_it_is_set(make: Any, status: Any) -> None:
    """What no client would take for an answer is an error of the handler, who is told of it (RFC 9110 §15)."""
    with pytest.raises(ResponseError, match="is no status of a response"):
        make([], status_code=status) if make is StreamResponse else make("x", status_code=status)


def test_a_handler_for_head_tells_the_length_of_what_get_has() -> None:
    """The length that it sets is sent, though it sends nothing (RFC 9110 §8.6)."""
    app = Yaat(autoload=False)

    @app.route("/", methods=["HEAD"])
    async def head(request: Request) -> Response:
        return Response(headers={"content-length": "100"})

    assert ask(app, "HEAD", "/")["content-length"] == "100"


def test_transfer_encoding_is_for_the_server_to_say() -> None:
    """Headers that were copied from another response are refused where they are given (ASGI spec, "Response Start")."""
    with pytest.raises(InvalidHeader, match="is for the server to send"):
        Response("x", headers={"Transfer-Encoding": "chunked"})


@pytest.mark.parametrize("is_mounted", [True, False])
def test_content_that_was_streamed_is_not_waited_for(caplog: pytest.LogCaptureFixture, *, is_mounted: bool) -> None:
    """Where something outside has read the content as a stream, who asks for it again is told so, and does not wait."""

    class Reader:
        async def process_request(self, request: Request) -> None:
            async for _ in request.stream():
                pass

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    app = Yaat(autoload=False, middleware=[Reader])
    if is_mounted:
        app.mount("/x", inner)
    else:

        @app.post("/x")
        async def show(request: Request) -> None:
            await request.receive()

    assert ask(app, "POST", "/x", body=b"content").status == 500
    assert "was read as a stream already" in caplog.text
