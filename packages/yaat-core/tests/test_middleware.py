"""Middleware at work: in which order, around what, and what becomes of answers and errors in it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import Any

import pytest

from yaat import HTTPException, Middleware, Plugin, Request, Response, Router, Yaat, hookimpl
from yaat.asgi import ASGIApp, Message, Receive, Scope, Send
from yaat.background import BackgroundTask
from yaat.exceptions import MiddlewareError
from yaat.middleware import sort_middleware
from yaat.provenance import Owner
from yaat.responses import JSONResponse, StreamResponse, TextResponse

from .asgi_driver import Answer, Life, ask, call

SHOP = Owner(plugin="shop", distribution="yaat-shop", version="1.0")


# --- order ---


def order(*records: Middleware) -> list[str]:
    return [record.name for record in sort_middleware(records)]


def record(name: str, **options: Any) -> Middleware:
    return Middleware(lambda app: app, name=name, **options)


def test_stages_come_first() -> None:
    """The stages are edge, observe, errors, transform, security, app; whatever the order in which they were added."""
    stages = ["app", "security", "transform", "errors", "observe", "edge"]
    assert order(*(record(stage, stage=stage) for stage in stages)) == stages[::-1]


def test_inside_a_stage_order_is_kept() -> None:
    """Of one stage, what was added first is outermost."""
    assert order(record("b"), record("c"), record("a")) == ["b", "c", "a"]


def test_before_and_after_change_the_order() -> None:
    """`before` names middleware further in and `after` further out; what waits comes as soon as it can."""
    assert order(record("a", after=["c"]), record("b"), record("c"), record("d")) == ["b", "c", "a", "d"]
    assert order(record("a"), record("b"), record("c"), record("d", before=["b"])) == ["a", "c", "d", "b"]


def test_absent_names_are_ignored() -> None:
    """`before` and `after` may name what is not there."""
    assert order(record("a", after=["cors"]), record("b", before=["gzip"])) == ["a", "b"]


def test_the_same_middleware_twice() -> None:
    """A middleware may be added twice; `before` and `after` mean both of them, and not the middleware itself."""
    twice = record("a"), record("a")
    assert order(record("c", before=["a"]), record("b", before=["a"]), *twice) == ["c", "b", "a", "a"]
    assert order(record("b", after=["a"]), *twice, record("a", after=["a"])) == ["a", "a", "a", "b"]


def test_what_stages_settle_may_be_asked_for_too() -> None:
    """`after` what is of an outer stage is no contradiction."""
    assert order(record("a", after=["b"]), record("b", stage="edge")) == ["b", "a"]


def test_a_circle_is_shown() -> None:
    """The message shows who waits for whom, who asked for it, and where."""
    with pytest.raises(MiddlewareError) as caught:
        order(record("x"), record("a", before=["b"], owner=SHOP), record("b"), record("c", after=["b"], before=["a"]))
    assert str(caught.value) == (
        "The middleware cannot be put in order, outermost first: a → b → c → a\n"
        "    a → b: before='b' was added by plugin 'shop' (yaat-shop 1.0)\n"
        "    b → c: after='b' was added by the app\n"
        "    c → a: before='a' was added by the app\n"
        "Drop one of these before or after, or change a stage."
    )


def test_what_a_stage_rules_out_is_an_error() -> None:
    """To ask for a place that the stage does not allow is an error, and not silently ignored."""
    with pytest.raises(MiddlewareError, match="(?s)cors → mine: the stage 'edge' is outside 'app'.*before='cors' was"):
        order(record("mine", before=["cors"]), record("cors", stage="edge"))


def test_plugins_come_before_the_app() -> None:
    """Inside a stage the middleware of plugins is outside that of the app, in plugin order."""

    def make_plugin(name: str) -> Plugin:
        class Marking(Plugin):
            @hookimpl
            def yaat_register_middleware(self, app: Yaat) -> list[Middleware]:
                return [mark(name), Middleware(Marker, mark=f"{name}-edge", stage="edge")]

        plugin = Marking()
        plugin.name = name
        return plugin

    app = make_app(mark("own"), plugins=[make_plugin("zoo"), make_plugin("ant")])
    assert ask(app, "GET", "/").text == "zoo-edge ant-edge zoo ant own"


def test_an_impossible_order_stops_the_build() -> None:
    """What cannot be put in order is told when the app is built."""
    app = make_app(mark("a", name="a", after=["b"]), mark("b", name="b", after=["a"]))
    with pytest.raises(MiddlewareError, match="a → b → a"):
        app.build()


# --- around what ---


class Marker:
    """Adds a mark to what the handler shows, and to a header."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def process_request(self, request: Request) -> None:
        request.state["marks"] = [*request.state.get("marks", ()), self.mark]

    def process_response(self, request: Request, response: Response) -> None:
        response.headers["x-mark"] = f"{response.headers.get('x-mark', '')} {self.mark}".strip()


def mark(text: str, **options: Any) -> Middleware:
    return Middleware(Marker, mark=text, **options)


class RawMarker:
    """The same as raw ASGI middleware."""

    def __init__(self, app: ASGIApp, mark: str) -> None:
        self.app = app
        self.mark = mark

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = scope.setdefault("state", {})
        state["marks"] = [*state.get("marks", ()), self.mark]

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = dict(message["headers"])
                text = b" ".join(filter(None, [headers.get(b"x-mark", b""), self.mark.encode()]))
                message = {**message, "headers": [*({**headers, b"x-mark": text}).items()]}
            await send(message)

        await self.app(scope, receive, send_on)


def raw(text: str, **options: Any) -> Middleware:
    return Middleware(RawMarker, mark=text, **options)


async def show(request: Request) -> str:
    return " ".join(request.state.get("marks", ()))


def make_app(*middleware: Any, **options: Any) -> Yaat:
    app = Yaat(autoload=False, middleware=middleware, **options)
    app.add_route("/", show)

    @app.get("/fail")
    async def fail(request: Request) -> str:
        raise LookupError("lost")

    return app


@pytest.mark.parametrize("make", [mark, raw])
def test_middleware_of_app_router_mount_and_route(make: Callable[[str], Middleware]) -> None:
    """Each layer is around what is in it: the app outermost, then routers and mounts, the route innermost."""
    inner, outer = Router(middleware=[make("inner")]), Router(middleware=[make("outer")])
    inner.add_route("/x", show, middleware=[make("route"), make("second")])
    outer.mount("/b", inner, middleware=[make("mount")])
    app = make_app(make("app"))
    app.mount("/a", outer)
    answer = ask(app, "GET", "/a/b/x")
    assert answer.text == "app outer mount inner route second"
    assert answer["x-mark"] == "second route inner mount outer app"


def test_both_kinds_stand_in_their_order() -> None:
    """Below the app, raw ASGI middleware and the other kinds stand in the order in which they were added."""
    router = Router(middleware=[mark("a"), raw("b"), mark("c"), mark("d"), raw("e")])
    router.add_route("/x", show, middleware=[mark("f")])
    app = make_app()
    app.mount(router)
    answer = ask(app, "GET", "/x")
    assert (answer.text, answer["x-mark"]) == ("a b c d e f", "f e d c b a")


def test_raw_middleware_of_the_app_is_outside_of_all() -> None:
    """Raw ASGI middleware of the app stands around the whole line, so it comes before all of the other kinds."""
    assert ask(make_app(mark("a"), raw("b"), mark("c"), raw("d")), "GET", "/").text == "b d a c"


@pytest.mark.parametrize("option", ["before", "after", "protocols"])
def test_one_text_is_no_list_of_names(option: str) -> None:
    """A text where a list is due would be taken letter by letter, so it is refused."""
    with pytest.raises(
        MiddlewareError, match=rf"{option}= of a middleware takes a list such as \['cors'\], not 'cors'"
    ):
        record("a", **{option: "cors"})


@pytest.mark.parametrize("option", ["before", "after", "protocols"])
def test_a_number_is_no_list_of_names(option: str) -> None:
    """An option of the middleware's own may have that name, and must be given in another way."""
    with pytest.raises(MiddlewareError, match=rf"{option}= of a middleware takes a list such as \['cors'\], not 1"):
        record("a", **{option: 1})


def test_middleware_knows_the_route() -> None:
    """The route is found before any middleware runs; `request.route` is `None` where nothing matches."""
    seen: list[Any] = []

    class Look:
        def process_request(self, request: Request) -> None:
            seen.append(request.route and request.route.path)

    app = make_app(Look)
    for path in ("/fail", "/nowhere"):
        ask(app, "GET", path)
    assert seen == ["/fail", None]


def test_a_sibling_pays_nothing() -> None:
    """Middleware of one route or router is not around others."""
    app, router = make_app(), Router(middleware=[mark("router")])
    app.mount("/r", router)
    app.add_route("/x", show, name="x", middleware=[mark("x")])
    answer = ask(app, "GET", "/")
    assert (answer.text, [name for name, _ in answer.headers if name == "x-mark"]) == ("", [])


def test_add_middleware_goes_inside_what_was_there() -> None:
    """`add_middleware` takes a factory with its options, or a record."""
    app = make_app(mark("a"))
    app.add_middleware(Marker, mark="b")
    app.add_middleware(mark("c"))
    assert ask(app, "GET", "/").text == "a b c"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("POST", "/", 405), ("OPTIONS", "/", 204), ("GET", "/x", 308), ("GET", "/fail", 500)],
)
@pytest.mark.parametrize("make", [mark, raw])
def test_every_answer_goes_through_middleware(
    make: Callable[[str], Middleware], method: str, path: str, status: int
) -> None:
    """Middleware of the app sees 404, 405, OPTIONS, redirects and errors as well; so CORS headers are on the 500."""
    app = make_app(make("app"), trailing_slash="redirect")
    app.add_route("/x/", show, name="x")
    answer = ask(app, method, path)
    assert (answer.status, answer["x-mark"]) == (status, "app")


@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("POST", 404), ("DELETE", 405), ("OPTIONS", 204)])
def test_unknown_paths_of_a_router_go_through_its_middleware(method: str, status: int) -> None:
    """Below its prefix a router's middleware sees unknown paths and wrong methods, which are the router's own."""
    app, router = make_app(mark("app")), Router(middleware=[mark("router")])
    router.add_route("/x", show)
    app.mount("/r", router)
    answer = ask(app, method, "/r/nowhere" if status == 404 else "/r/x")
    assert (answer.status, answer["x-mark"]) == (status, "router app")


def test_middleware_of_a_mounted_app_is_its_own() -> None:
    """An app in another brings its middleware along, inside that of the other, and not around the other's routes."""
    outer, inner = make_app(mark("outer")), make_app(mark("inner"))
    outer.mount("/inner", inner)
    assert [ask(outer, "GET", path).text for path in ("/inner/", "/")] == ["outer inner", "outer"]
    assert ask(inner, "GET", "/").text == "inner"


# --- early answers and errors ---


class Stop:
    """Answers in the place of the handler."""

    def process_request(self, request: Request) -> Response:
        return TextResponse("stopped", 403)

    def process_response(self, request: Request, response: Response) -> None:
        response.headers["x-stop"] = "seen"


def test_an_early_answer_is_seen_further_out() -> None:
    """What is further out sees an early answer; what is further in does not run, nor does the one that answered."""
    answer = ask(make_app(mark("a"), mark("b"), Stop, mark("c")), "GET", "/")
    assert (answer.status, answer["x-mark"]) == (403, "b a")
    assert "x-stop" not in dict(answer.headers)


class Failing:
    def __init__(self, place: str, error: Exception) -> None:
        self.place = place
        self.error = error

    def process_request(self, request: Request) -> None:
        if self.place == "request":
            raise self.error

    async def process_response(self, request: Request, response: Response) -> None:
        if self.place == "response":
            raise self.error


@pytest.mark.parametrize(("place", "marks"), [("request", "a"), ("response", "a")])
@pytest.mark.parametrize(
    ("error", "status", "text"), [(HTTPException(418), 418, "418"), (LookupError(), 410, "gone"), (OSError(), 500, "")]
)
def test_errors_of_middleware_reach_the_handlers(
    place: str, marks: str, error: Exception, status: int, text: str
) -> None:
    """What middleware raises is answered like what handlers raise, once, and seen by what is further out."""
    app = make_app(
        mark("a"),
        Middleware(Failing, place=place, error=error),
        mark("b"),
        exception_handlers={
            LookupError: lambda request, error: ("gone", 410),
            418: lambda request, error: ("418", 418),
        },
    )
    answer = ask(app, "GET", "/", headers=[("accept", "text/plain")])
    assert (answer.status, answer["x-mark"]) == (status, marks)
    assert text in answer.text


def test_an_error_of_the_app_s_raw_middleware_reaches_the_handlers() -> None:
    """Raw ASGI middleware has the boundary around it too."""

    def failing(app: ASGIApp) -> ASGIApp:
        async def fail(scope: Scope, receive: Receive, send: Send) -> None:
            raise LookupError("in raw middleware")

        return fail

    handlers = {LookupError: lambda request, error: (str(error), 410)}
    answer = ask(make_app(raw("outer"), failing, exception_handlers=handlers), "GET", "/")
    assert (answer.status, answer.text) == (410, "in raw middleware")


def test_middleware_sees_the_answer_to_a_wait_that_others_have_cancelled() -> None:
    """It is a failure like any other: the way out sees its response."""
    app, seen = Yaat(autoload=False), list[int]()

    class Look:
        def process_response(self, request: Request, response: Response) -> None:
            seen.append(response.status_code)

    app.add_middleware(Look)

    @app.get("/")
    async def wait(request: Request) -> None:
        other = asyncio.ensure_future(asyncio.Event().wait())
        asyncio.get_running_loop().call_soon(other.cancel)
        await other

    assert ask(app, "GET", "/").status == 500
    assert seen == [500]


def test_the_error_behind_a_response_can_be_seen() -> None:
    """Middleware that wants to know what went wrong looks at `request.error`."""
    seen: list[Any] = []

    def look(request: Request) -> Generator[None, Response]:
        yield
        seen.append(request.error)

    app = make_app(look)
    ask(app, "GET", "/fail")
    ask(app, "GET", "/")
    assert [repr(error) for error in seen] == ["LookupError('lost')", "None"]


class Answering:
    """Answers with any value."""

    def __init__(self, place: str, value: Any) -> None:
        self.place = place
        self.value = value

    def process_request(self, request: Request) -> Any:
        return self.value if self.place == "request" else None

    def process_response(self, request: Request, response: Response) -> Any:
        return self.value if self.place == "response" else None


@pytest.mark.parametrize("place", ["request", "response"])
def test_what_middleware_answers_is_converted(place: str) -> None:
    """Whatever a handler may return, middleware may answer."""
    answer = ask(make_app(Middleware(Answering, place=place, value=({"a": 1}, 201))), "GET", "/")
    assert (answer.status, answer.text, answer["content-type"]) == (201, '{"a":1}', "application/json")


@pytest.mark.parametrize("place", ["request", "response"])
@pytest.mark.parametrize("value", [True, JSONResponse(object())], ids=["no response", "no JSON"])
def test_an_answer_that_cannot_be_names_the_middleware(
    place: str, value: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The error says which middleware has answered with something that is no response."""
    app = make_app(mark("a"), Middleware(Answering, name="odd", place=place, value=value))
    answer = ask(app, "GET", "/")
    assert (answer.status, answer["x-mark"]) == (500, "a")
    assert "It was the middleware 'odd' that answered so." in caplog.text


def test_the_handler_is_named_when_it_is_at_fault(caplog: pytest.LogCaptureFixture) -> None:
    """With middleware around it, a handler that returns something odd is named as without."""

    async def odd(request: Request) -> Any:
        return object()

    app = make_app(mark("a"))
    app.add_route("/odd", odd)
    assert ask(app, "GET", "/odd").status == 500
    assert "The handler test_the_handler_is_named_when_it_is_at_fault.<locals>.odd" in caplog.text
    assert "It was the middleware" not in caplog.text


def test_the_same_response_is_no_new_one() -> None:
    """Middleware may return the response that it was given, changed or not."""

    class Same:
        def process_response(self, request: Request, response: Response) -> Response:
            response.headers["x-same"] = "1"
            return response

    assert ask(make_app(Same), "GET", "/")["x-same"] == "1"


def test_background_work_outlives_a_replaced_response() -> None:
    """When middleware puts another response in the place of the handler's, the handler's background work still runs."""
    done: list[str] = []

    class Wrap:
        def process_response(self, request: Request, response: Response) -> Any:
            return {"text": response.body.decode()}

    app = make_app(Wrap)

    @app.get("/work")
    async def work(request: Request) -> Response:
        return TextResponse("working", background=BackgroundTask(done.append, "handler's"))

    assert (ask(app, "GET", "/work").text, done) == ('{"text":"working"}', ["handler's"])


def test_the_background_work_of_the_new_response_comes_first() -> None:
    """A response that brings work of its own runs that."""
    done: list[str] = []

    class Wrap:
        def process_response(self, request: Request, response: Response) -> Response:
            return TextResponse("new", background=BackgroundTask(done.append, "own"))

    app = make_app(Wrap)

    @app.get("/work")
    async def work(request: Request) -> Response:
        return TextResponse("", background=BackgroundTask(done.append, "handler's"))

    assert (ask(app, "GET", "/work").text, done) == ("new", ["own"])


# --- streams ---


def test_middleware_sees_the_head_of_a_stream() -> None:
    """A stream passes middleware before its first part is made: status and headers can be changed."""
    events: list[str] = []

    async def numbers() -> AsyncIterator[str]:
        for number in range(3):
            events.append(str(number))
            yield str(number)

    class Note:
        def process_response(self, request: Request, response: Response) -> None:
            events.append("seen")
            response.status_code = 202
            response.headers["x-note"] = "1"

    app = make_app(Note)

    @app.get("/stream")
    async def stream(request: Request) -> Response:
        return StreamResponse(numbers())

    answer = ask(app, "GET", "/stream")
    assert (answer.status, answer["x-note"], answer.text) == (202, "1", "012")
    assert events == ["seen", "0", "1", "2"]


# --- mounted ASGI apps ---


async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
    """A foreign app."""
    if scope["path"].endswith("/fail"):
        raise LookupError("in the mounted app")
    await TextResponse("mounted")(scope, receive, send)


@pytest.mark.parametrize(("path", "status"), [("/m/x", 200), ("/m/fail", 410)])
def test_middleware_stands_around_mounted_apps(path: str, status: int) -> None:
    """It sees the head of what a mounted ASGI app answers, and the answers to what it raises."""
    app = make_app(mark("a"), mark("b"), exception_handlers={LookupError: lambda request, error: ("lost", 410)})
    app.mount("/m", mounted)
    answer = ask(app, "GET", path)
    assert (answer.status, answer["x-mark"]) == (status, "b a")


@pytest.mark.parametrize(
    ("value", "status"), [(None, 200), (("replaced", 202), 202), (object(), 500)], ids=["none", "value", "no response"]
)
def test_middleware_may_answer_for_mounted_apps(value: Any, status: int) -> None:
    """What it answers takes the place of the mounted app's response; its errors are answered as well."""
    app = make_app(mark("a"), Middleware(Answering, place="response", value=value))
    app.mount("/m", mounted)
    answer = ask(app, "GET", "/m/x")
    assert (answer.status, answer["x-mark"]) == (status, "a")


@pytest.mark.parametrize("is_mounted", [False, True])
async def test_generators_do_not_outlive_their_request(is_mounted: bool) -> None:
    """When a request is cancelled, what waits for its response is closed."""
    events: list[str] = []
    is_waiting = asyncio.Event()

    def watch(request: Request) -> Generator[None, Response]:
        try:
            yield
        finally:
            events.append("closed")

    async def wait(*_: Any) -> None:
        is_waiting.set()
        await asyncio.Event().wait()

    app = make_app(watch)
    app.mount("/m", wait)
    app.add_route("/wait", wait)
    task = asyncio.ensure_future(call(app, "GET", "/m" if is_mounted else "/wait"))
    await is_waiting.wait()
    task.cancel()
    await asyncio.wait([task])
    assert (task.cancelled(), events) == (True, ["closed"])


# --- how deep ---


def count_frames() -> int:
    """Return how many frames are below the caller's, up to the event loop's."""
    frame, count = sys._getframe(1), 0
    while frame.f_back is not None and frame.f_code.co_filename != asyncio.events.__file__:
        frame, count = frame.f_back, count + 1
    return count


def measure_depth(app: Yaat) -> int:
    """Return how deep the handler runs, in a request that is not the first."""
    depths: list[int] = []

    @app.get("/depth")
    async def depth(request: Request) -> str:
        depths.append(count_frames())
        return ""

    for _ in range(2):
        ask(app, "GET", "/depth")
    return depths[-1]


def make_marking_plugin(number: int) -> Plugin:
    class Marking(Plugin):
        name = f"marking{number}"

        @hookimpl
        def yaat_register_middleware(self, app: Yaat) -> Middleware:
            return mark(str(number))

    return Marking()


def pass_on(request: Request) -> Iterator[None]:
    yield


@pytest.mark.parametrize("kind", [lambda: mark("x"), lambda: pass_on], ids=["class", "around"])
def test_the_stack_does_not_grow_with_middleware(kind: Callable[[], Any]) -> None:
    """One middleware adds one frame, that of the loop; ten add no more."""
    none, one, ten = (measure_depth(make_app(*(kind() for _ in range(count)))) for count in (0, 1, 10))
    assert (one - none, ten - none) == (1, 1)


def test_the_stack_does_not_grow_with_plugins() -> None:
    """Nor does it matter how many plugins contribute it."""
    one, ten = (
        measure_depth(make_app(plugins=[make_marking_plugin(number) for number in range(count)])) for count in (1, 10)
    )
    assert one == ten


def test_middleware_leaves_the_lifespan_alone() -> None:
    """Middleware is for requests; an app with middleware starts and stops like any other."""

    async def visit() -> tuple[Answer, dict[str, Any]]:
        app = make_app(mark("a"))
        async with Life(app) as life:
            return await call(app, "GET", "/", scope={"state": dict(life.state)}), life.state

    answer, state = asyncio.run(visit())
    assert (answer.text, state) == ("a", {})
