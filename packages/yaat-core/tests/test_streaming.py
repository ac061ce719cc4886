"""Content that is sent while it is made, and no longer than somebody listens."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextvars import ContextVar
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat import Request, Response, Yaat
from yaat.asgi import Message
from yaat.background import BackgroundTask
from yaat.body import MAX_KEPT_BYTES, Inbox
from yaat.exceptions import BodyConsumed, ResponseError
from yaat.responses import StreamResponse
from yaat.streaming import PARTS_PER_TURN, Rest, close_iterator, find_inbox, iterate_in_threads, send_while_listening

from .asgi_driver import make_scope
from .asgi_exchange import Exchange, take_turns

PROPERTY = settings(deadline=None)


class Stage:
    """An app with one stream, and the exchange in which it is asked for.

    Attributes:
        done: What has happened: `closed` when the stream has ended, and what tests put there.
    """

    def __init__(self, make_parts: Callable[["Stage"], Any], **options: Any) -> None:
        self.exchange = Exchange()
        self.done: list[str] = []
        self.app = Yaat(autoload=False)

        @self.app.get("/", **options)
        async def show() -> Response:
            background = BackgroundTask(self.done.append, "background")
            return StreamResponse(make_parts(self), background=background)

    async def run(self) -> None:
        """Serve to the end."""
        await self.exchange.serve(self.app)

    async def start(self) -> "asyncio.Task[None]":
        """Serve up to where the stream waits."""
        task = asyncio.create_task(self.run())
        await take_turns()
        return task

    @property
    def parts(self) -> list[bytes]:
        """The parts that were sent."""
        return [message["body"] for message in self.exchange.sent[1:]]


async def give_and_wait(stage: Stage) -> AsyncIterator[bytes]:
    """Yield one part, and wait for ever for the next."""
    try:
        yield b"one"
        await asyncio.Event().wait()
    finally:
        stage.done.append("closed")


async def give_one(stage: Stage) -> AsyncIterator[bytes]:
    """Yield one part and end."""
    try:
        yield b"one"
    finally:
        stage.done.append("closed")


async def wait_at_once(stage: Stage) -> AsyncIterator[bytes]:
    """Wait for ever for the first part."""
    try:
        await asyncio.Event().wait()
        yield b"never"
    finally:
        stage.done.append("closed")


async def give_for_ever(stage: Stage) -> AsyncIterator[bytes]:
    """Yield parts without ever waiting."""
    try:
        while True:
            yield b"x"
    finally:
        stage.done.append("closed")


# --- parts ---


def give_plainly(parts: Sequence[Any]) -> Iterator[Any]:
    """Yield *parts* from a plain generator."""
    yield from parts


async def give_asynchronously(parts: Sequence[Any]) -> AsyncIterator[Any]:
    """Yield *parts* without waiting."""
    for part in parts:
        yield part


async def give_waiting(parts: Sequence[Any]) -> AsyncIterator[Any]:
    """Yield *parts*, and wait before each."""
    for part in parts:
        await asyncio.sleep(0)
        yield part


class Pulled:
    """An asynchronous iterator that is no generator."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self.parts = list(parts)

    def __aiter__(self) -> "Pulled":
        return self

    async def __anext__(self) -> Any:
        if not self.parts:
            raise StopAsyncIteration
        return self.parts.pop(0)


KINDS = [list, iter, give_plainly, give_asynchronously, give_waiting, Pulled]


@pytest.mark.parametrize("make", KINDS)
async def test_parts_are_sent_in_order(make: Callable[[Any], Any]) -> None:
    """Every kind of iterable is sent part by part, text as UTF-8, and ends with one empty message."""
    parts = [b"a", "ä", bytearray(b"b"), memoryview(b"c"), b""]
    stage = Stage(lambda _: make(parts))
    await stage.run()
    assert stage.parts == [b"a", "ä".encode(), b"b", b"c", b"", b""]
    assert [message["more_body"] for message in stage.exchange.sent[1:]] == [True] * 5 + [False]


@pytest.mark.parametrize("make", KINDS)
async def test_stream_may_be_empty(make: Callable[[Any], Any]) -> None:
    """A stream without parts is a response without content."""
    stage = Stage(lambda _: make([]))
    await stage.run()
    assert (stage.exchange.status, stage.parts) == (200, [b""])


async def test_head_is_sent_before_the_first_part_is_there() -> None:
    """The headers are sent while the stream waits for its first part."""
    stage = Stage(wait_at_once)
    task = await stage.start()
    assert (stage.exchange.status, stage.parts) == (200, [])
    stage.exchange.leave()
    await task


@pytest.mark.parametrize("make", [give_plainly, give_asynchronously])
async def test_each_part_is_sent_before_the_next_is_made(make: Callable[[Any], Any]) -> None:
    """A part is with the server before the stream is asked for another one."""
    made: list[int] = []

    class Noting(list[bytes]):
        def __iter__(self) -> Iterator[bytes]:
            for number in range(3):
                made.append(number)
                yield b"x"

    stage = Stage(lambda _: make(Noting()))
    stage.exchange.has_sent = lambda message: stage.done.append(f"{message.get('body')} {len(made)}")
    await stage.run()
    assert stage.done[1:4] == ["b'x' 1", "b'x' 2", "b'x' 3"]


CURRENT: ContextVar[str] = ContextVar("CURRENT", default="unset")


async def test_plain_iterator_runs_in_a_thread_with_context_variables() -> None:
    """A plain iterator is advanced and closed off the event loop, and sees the context variables of the request."""
    threads: list[threading.Thread] = []

    def generate(stage: Stage) -> Iterator[str]:
        try:
            threads.append(threading.current_thread())
            yield CURRENT.get()
        finally:
            threads.append(threading.current_thread())

    CURRENT.set("set")
    stage = Stage(generate)
    await stage.run()
    assert stage.exchange.body == b"set"
    assert [thread.name.startswith("yaat-streams") for thread in threads] == [True, True]


# --- errors ---


async def fail_at_once(_: Stage) -> AsyncIterator[bytes]:
    """Raise before the first part."""
    raise RuntimeError("no parts")
    yield b""  # type: ignore[unreachable]  # makes it a generator


async def fail_later(_: Stage) -> AsyncIterator[bytes]:
    """Raise after the first part."""
    yield b"one"
    raise RuntimeError("no more parts")


def fail_plainly(_: Stage) -> Iterator[bytes]:
    """Raise before the first part, in a plain generator."""
    raise RuntimeError("no parts")
    yield b""  # type: ignore[unreachable]  # makes it a generator


async def give_a_number(_: Stage) -> AsyncIterator[int]:
    """Yield what cannot be sent."""
    yield 7


async def give_a_number_later(_: Stage) -> AsyncIterator[Any]:
    """Yield what cannot be sent after something that can."""
    yield b"one"
    yield 7


@pytest.mark.parametrize(
    "make",
    [
        fail_at_once,
        fail_plainly,
        give_a_number,
    ],
)
async def test_error_before_the_first_part_is_one_500(make: Any, caplog: pytest.LogCaptureFixture) -> None:
    """What goes wrong before there is a first part is answered with one whole 500, and logged once."""
    stage = Stage(make)
    await stage.run()
    assert (stage.exchange.status, stage.exchange.is_finished) == (500, True)
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (fail_later, RuntimeError, "no more parts"),
        (give_a_number_later, ResponseError, "A stream gave 7, which is int, where str or bytes is due"),
    ],
)
async def test_error_in_the_middle_breaks_the_response_off(
    make: Any, kind: type[Exception], message: str, caplog: pytest.LogCaptureFixture
) -> None:
    """An error in the middle cannot be answered any more: it is logged once, with the route, and raised."""
    stage = Stage(make)
    with pytest.raises(kind, match=message):
        await stage.run()
    assert (stage.parts, stage.exchange.is_finished) == ([b"one"], False)
    [record] = caplog.records
    assert "GET '/' failed (route / of" in record.getMessage()


# --- the client leaves ---


@pytest.mark.parametrize("make", [give_and_wait, wait_at_once])
async def test_stream_is_closed_where_it_waits(make: Any, caplog: pytest.LogCaptureFixture) -> None:
    """When the client leaves, the stream is closed where it waits, and its `finally` runs. Nothing is logged."""
    stage = Stage(make)
    task = await stage.start()
    assert not task.done()
    stage.exchange.leave()
    await task
    assert stage.done == ["closed", "background"]
    assert caplog.records == []


async def test_stream_that_never_waits_is_stopped() -> None:
    """A stream that never waits does not keep others from running, and stops soon after the client has left."""
    stage = Stage(give_for_ever)
    stage.exchange.leave_after(100)
    await stage.run()
    assert stage.done == ["closed", "background"]
    assert len(stage.exchange.sent) < 100 + 10 * PARTS_PER_TURN


@pytest.mark.parametrize(("make", "count"), [(give_and_wait, 1), (give_for_ever, 1), (give_for_ever, 5), (give_one, 2)])
async def test_server_may_tell_by_an_error(make: Any, count: int, caplog: pytest.LogCaptureFixture) -> None:
    """A `send` that raises OSError means that the client has left (ASGI spec); the stream ends quietly."""
    stage = Stage(make)
    stage.exchange.leave_after(count, breaks_send=True)
    await stage.run()
    assert stage.done == ["closed", "background"]
    assert caplog.records == []


@pytest.mark.parametrize(
    "make",
    [
        give_and_wait,
        give_for_ever,
        wait_at_once,
    ],
)
async def test_client_may_have_left_before_the_head(make: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A client that has left before the headers are sent ends the stream quietly."""
    stage = Stage(make)
    stage.exchange.leave(breaks_send=True)
    await stage.run()
    assert stage.done == ["closed", "background"]
    assert caplog.records == []


async def test_plain_stream_is_closed_when_its_step_is_done(caplog: pytest.LogCaptureFixture) -> None:
    """A plain generator that is busy when the client leaves is closed when it has made its part."""
    is_busy, may_go_on = threading.Event(), threading.Event()

    def generate(stage: Stage) -> Iterator[bytes]:
        try:
            yield b"one"
            is_busy.set()
            may_go_on.wait(10)
            yield b"two"
        finally:
            stage.done.append("closed")

    stage = Stage(generate)
    task = asyncio.create_task(stage.run())
    await asyncio.to_thread(is_busy.wait, 10)
    stage.exchange.leave()
    await take_turns()
    may_go_on.set()
    await task
    assert stage.done == ["closed", "background"]
    assert caplog.records == []


async def test_content_that_nobody_reads_does_not_hide_the_leaving() -> None:
    """A stream sees the client leave even when nobody has read the request's content."""
    stage = Stage(give_and_wait)
    stage.exchange = Exchange(b"he", b"llo", is_complete=False)
    task = await stage.start()
    stage.exchange.leave()
    await task
    assert stage.done == ["closed", "background"]


# --- cancellation from outside ---


@pytest.mark.parametrize(
    "make",
    [give_and_wait, wait_at_once],
)
async def test_cancellation_from_outside_passes_through(make: Any) -> None:
    """A server that cancels the request gets its CancelledError, and the stream is closed."""
    stage = Stage(make)
    task = await stage.start()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stage.done == ["closed"]
    assert task.cancelled()


async def test_cancellation_at_the_moment_the_client_leaves_passes_through() -> None:
    """Where the client leaves and the server cancels at the same time, the cancellation is not swallowed."""
    stage = Stage(give_and_wait)
    task = await stage.start()
    stage.exchange.leave()
    for _ in range(10):
        await asyncio.sleep(0)
        if task.cancelling():
            task.cancel()
            break
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_timeout_around_a_stream_works() -> None:
    """A timeout that middleware puts around a stream ends it, as around anything else."""
    stage = Stage(give_and_wait)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await stage.run()
    assert stage.done == ["closed"]


async def test_task_is_as_before_when_the_client_has_left() -> None:
    """After the client has left, the task of the server counts as not cancelled, so timeouts around it work."""
    stage = Stage(give_and_wait)
    stage.exchange.leave_after(1)
    await stage.run()
    current = asyncio.current_task()
    assert current is not None
    assert current.cancelling() == 0


async def end_when_cancelled(stage: Stage) -> AsyncIterator[bytes]:
    """Yield one part, and end quietly when the second one is not wanted any more."""
    yield b"one"
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        stage.done.append("closed")


async def test_stream_may_swallow_the_cancellation() -> None:
    """A stream that ends quietly when it is cancelled leaves the server's task as it was, too."""
    stage = Stage(end_when_cancelled)
    stage.exchange.leave_after(2)
    await stage.run()
    assert stage.done == ["closed", "background"]
    current = asyncio.current_task()
    assert current is not None
    assert current.cancelling() == 0


# --- what is left behind ---


@pytest.mark.parametrize("make", [give_and_wait, end_when_cancelled])
async def test_stream_leaves_no_task_behind(make: Any) -> None:
    """When a stream has ended, nothing listens any more."""
    stage = Stage(make)
    task = await stage.start()
    stage.exchange.leave()
    await task
    await take_turns()
    assert len(asyncio.all_tasks()) == 1


async def test_stream_to_its_end_leaves_no_task_behind() -> None:
    """When a stream has come to its own end, nothing listens any more."""
    stage = Stage(lambda _: give_waiting([b"a", b"b"]))
    await stage.run()
    await take_turns()
    assert len(asyncio.all_tasks()) == 1


async def test_stream_outside_an_app_leaves_no_task_behind() -> None:
    """A stream that raw ASGI middleware sends leaves nothing behind either."""
    exchange = Exchange()
    response = StreamResponse(give_waiting([b"a"] * 10))
    await response(make_scope("GET", "/"), exchange.receive, exchange.send)
    assert exchange.is_finished
    await take_turns()
    assert len(asyncio.all_tasks()) == 1


# --- the parts of it ---


def begin(work: Coroutine[Any, Any, None]) -> Rest:
    """Advance *work* to where it waits."""
    return Rest(work, work.send(None))


async def test_what_was_begun_goes_on_when_awaited() -> None:
    """What waits for something else than the event loop's next turn goes on when that is there."""
    future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    results: list[int] = []

    async def work() -> None:
        await asyncio.sleep(0)
        results.append(await future)

    rest = begin(work())
    future.set_result(7)
    await rest
    assert results == [7]


async def test_error_after_the_first_step_is_raised_when_awaited() -> None:
    """What is thrown in reaches the place that waits, and what that raises comes out."""

    async def fail() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise RuntimeError("later") from None

    async def wait(rest: Rest) -> None:
        await rest

    task = asyncio.create_task(wait(begin(fail())))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(RuntimeError, match="later"):
        await task


async def test_closing_reaches_the_place_that_waits() -> None:
    """Closing what awaits the rest of a coroutine closes that where it waits."""
    done: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            done.append("closed")

    async def wait() -> None:
        await begin(work())

    waiting = wait()
    waiting.send(None)
    waiting.close()
    assert done == ["closed"]


async def test_listening_tells_how_it_ended() -> None:
    """Sending while listening says whether the sending came to its end."""
    exchange = Exchange()

    async def send(until: asyncio.Event) -> None:
        await until.wait()

    is_ready = asyncio.Event()
    is_ready.set()
    inbox = Inbox(exchange.receive)
    assert await send_while_listening(send(is_ready), inbox.receive)
    assert await send_while_listening(asyncio.sleep(0), inbox.receive)
    exchange.leave()
    assert not await send_while_listening(send(asyncio.Event()), inbox.receive)


class Awaitable:
    """What a server written in another language may give: it looks like a future of asyncio, and is none."""

    _asyncio_future_blocking = False

    def __init__(self, coroutine: Any) -> None:
        self._coroutine = coroutine

    def __await__(self) -> Any:
        return self._coroutine.__await__()

    def done(self) -> bool:
        """Say what would let `asyncio.wait` return at once."""
        return True

    def add_done_callback(self, callback: Any, context: Any = None) -> None:
        """Forget it."""


async def test_server_may_give_what_looks_like_a_future() -> None:
    """All that is asked of what `receive` and `send` return is that it can be awaited (ASGI spec, "Applications")."""
    exchange = Exchange()
    asked: list[str] = []

    def receive() -> Any:
        asked.append("once")
        return Awaitable(exchange.receive())

    def send(message: Message) -> Any:
        return Awaitable(exchange.send(message))

    async def give() -> AsyncIterator[bytes]:
        yield b"begun"
        await asyncio.Event().wait()

    serving = asyncio.create_task(StreamResponse(give(), media_type="text/event-stream")({}, receive, send))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not serving.done()
    exchange.leave()
    await serving
    assert len(asked) == 2
    assert [message["type"] for message in exchange.sent] == ["http.response.start", "http.response.body"]


def test_inbox_of_a_receive_is_found() -> None:
    """The `receive` of an inbox, or of a request, leads to the inbox; any other one gets a new inbox in front."""

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    inbox = Inbox(receive)
    assert find_inbox(inbox.receive) is inbox
    assert isinstance(find_inbox(receive), Inbox)


class AsyncFile:
    """A file whose methods are to be awaited."""

    is_closed = False

    async def close(self) -> None:
        """Close it."""
        self.is_closed = True


async def test_closing_takes_either_kind() -> None:
    """Generators of either kind, and files, are closed; what cannot be closed is left alone."""
    plain, asynchronous = give_plainly([b"a", b"b"]), give_asynchronously([b"a", b"b"])
    next(plain), await anext(asynchronous)
    file = AsyncFile()
    for content in (plain, asynchronous, [b"a"], file):
        await close_iterator(content)
    assert file.is_closed
    assert (list(plain), [part async for part in asynchronous]) == ([], [])


@PROPERTY
@given(st.lists(st.binary() | st.text(), max_size=80), st.sampled_from(KINDS))
def test_content_is_what_was_given(parts: list[bytes | str], make: Callable[[Any], Any]) -> None:
    """Whatever the parts and the kind of iterable, the content is all of them, once and in order."""
    stage = Stage(lambda _: make(parts))
    asyncio.run(stage.run())
    assert stage.exchange.body == b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    assert stage.exchange.is_finished


async def wait_for_ever() -> None:
    """Wait for what does not come."""
    await asyncio.Event().wait()


async def test_listening_does_not_count_what_others_had_cancelled_before() -> None:
    """A task that has got over a cancellation is not taken for cancelled when the client leaves."""
    exchange = Exchange()
    inbox = Inbox(exchange.receive)

    async def get_over_it() -> tuple[bool, int]:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
        exchange.leave()
        async with asyncio.timeout(5):
            return await send_while_listening(wait_for_ever(), inbox.receive), task.cancelling()

    assert await asyncio.create_task(get_over_it()) == (False, 1)


async def test_listening_leaves_the_inbox_to_whose_it_is() -> None:
    """What still comes is there to be read after the sending."""
    exchange = Exchange(is_complete=False)
    inbox = Inbox(exchange.receive)
    assert await send_while_listening(asyncio.sleep(0), inbox.receive)
    await take_turns()
    exchange.give(b"content")
    assert (await inbox.receive())["body"] == b"content"


async def test_listening_needs_no_task() -> None:
    """Where a server runs coroutines in its own way, without tasks, sending begins as well."""
    exchange = Exchange()
    begun: list[object] = []
    sending = send_while_listening(wait_for_ever(), Inbox(exchange.receive).receive)

    def advance() -> None:
        begun.append(sending.send(None))

    asyncio.get_running_loop().call_soon(advance)
    await take_turns()
    assert len(begun) == 1
    sending.close()
    await take_turns()


# --- where the server fails ---


class Failing(Exchange):
    """A server that does something else than take the head."""

    def __init__(self, take_head: Callable[[], Coroutine[Any, Any, None]]) -> None:
        super().__init__()
        self._take_head = take_head

    async def send(self, message: Message) -> None:
        """Take a message of the app."""
        if message["type"] == "http.response.start":
            await self._take_head()
        await super().send(message)


async def fail() -> None:
    """Make a mistake."""
    await asyncio.sleep(0)
    raise LookupError("a mistake of the server")


async def test_head_that_cannot_be_sent_ends_the_stream() -> None:
    """An error of the server while the first part is waited for is raised as it was; the stream is closed before."""
    stage = Stage(wait_at_once)
    stage.exchange = Failing(fail)
    with pytest.raises(LookupError, match="a mistake of the server"):
        await stage.run()
    assert stage.done == ["closed"]


async def test_client_that_leaves_while_the_head_is_sent_ends_the_stream() -> None:
    """A server that takes its time with the head of a stream does not hold up the end of that."""
    stage = Stage(wait_at_once)
    stage.exchange = Failing(asyncio.Event().wait)  # type: ignore[arg-type]  # never returns
    task = await stage.start()
    stage.exchange.leave()
    async with asyncio.timeout(5):
        await task
    assert (stage.exchange.sent, stage.done) == ([], ["closed", "background"])


async def test_cancellation_while_the_head_is_sent_ends_the_stream() -> None:
    """A stream that waits for its first part is closed when its request is cancelled while the head is being sent."""
    stage = Stage(wait_at_once)
    stage.exchange = Failing(asyncio.Event().wait)  # type: ignore[arg-type]  # never returns
    task = await stage.start()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert stage.done == ["closed"]


async def test_timeout_inside_a_stream_works_while_the_head_is_sent() -> None:
    """A stream that waits with a timeout of its own meets it, though the server takes its time with the head."""

    async def give_up_and_go_on(stage: Stage) -> AsyncIterator[bytes]:
        try:
            async with asyncio.timeout(0):
                await asyncio.Event().wait()
        except TimeoutError:
            yield b"too late"
        yield b"done"

    stage = Stage(give_up_and_go_on)
    stage.exchange = Failing(take_turns)
    await stage.run()
    assert stage.parts == [b"too late", b"done", b""]


async def test_empty_stream_waits_for_its_head() -> None:
    """A stream that ends without a part, while its head is being sent, has its last message after that."""

    async def give_nothing(stage: Stage) -> AsyncIterator[bytes]:
        await asyncio.sleep(0)
        for part in stage.parts:
            yield part

    stage = Stage(give_nothing)
    stage.exchange = Failing(take_turns)
    await stage.run()
    assert stage.parts == [b""]


async def test_stream_that_fails_while_its_head_is_sent_is_broken_off(caplog: pytest.LogCaptureFixture) -> None:
    """An error of a stream ends the sending of the head too, before the server is told."""

    async def give_and_fail(stage: Stage) -> AsyncIterator[bytes]:
        await asyncio.sleep(0)
        if not stage.parts:
            raise LookupError("no more")
        yield b""

    stage = Stage(give_and_fail)
    stage.exchange = Failing(asyncio.Event().wait)  # type: ignore[arg-type]  # never returns
    with pytest.raises(LookupError, match="no more"):
        await stage.run()
    assert len(caplog.records) == 1
    assert len(asyncio.all_tasks()) == 1


async def test_server_that_cannot_be_listened_to_is_sent_the_stream() -> None:
    """What `receive` raises ends the listening alone: the stream goes on to its end."""

    async def give_slowly(stage: Stage) -> AsyncIterator[bytes]:
        for part in (b"one", b"two"):
            await take_turns()
            yield part

    async def receive() -> Message:
        raise LookupError("a mistake of the server")

    stage = Stage(give_slowly)
    stage.exchange.receive = receive  # type: ignore[method-assign]  # it fails
    await stage.run()
    assert stage.parts == [b"one", b"two", b""]


class Lines:
    """An iterator that waits in its steps, and has something to close."""

    def __init__(self) -> None:
        self.has_begun, self.may_go_on = threading.Event(), threading.Event()
        self.is_closed = threading.Event()

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        self.has_begun.set()
        self.may_go_on.wait(10)
        raise StopIteration

    def close(self) -> None:
        """Let go of the file."""
        self.is_closed.set()


class Torn(Lines):
    """An iterator that fails in the middle."""

    def __next__(self) -> str:
        raise LookupError("torn")


async def test_plain_iterator_that_fails_is_closed() -> None:
    """What it has open is let go of, and the error is its own."""
    lines = Torn()
    with pytest.raises(LookupError, match="torn") as caught:
        await anext(iterate_in_threads(lines))
    assert lines.is_closed.is_set()
    assert caught.value.__context__ is None


async def test_plain_iterator_is_closed_though_nobody_waits_for_that() -> None:
    """A request that is cancelled again while its iterator is to be closed ends, and the iterator is closed later."""
    lines = Lines()
    stage = Stage(lambda stage: lines)
    task = asyncio.create_task(stage.run())
    await asyncio.to_thread(lines.has_begun.wait, 10)
    for _ in range(2):
        task.cancel()
        await take_turns()
    assert task.cancelled()
    lines.may_go_on.set()
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})
    assert lines.is_closed.is_set()


async def endless(stage: Stage) -> AsyncIterator[bytes]:
    """Give parts for ever, with pauses."""
    try:
        while True:
            yield b"part"
            await asyncio.sleep(0)
    finally:
        stage.done.append("closed")


async def test_content_that_nobody_reads_is_forgotten_to_notice_the_leaving() -> None:
    """A client that sends more than may be kept is noticed when it leaves, if its content is of no use to anybody."""
    stage = Stage(endless)
    stage.exchange = Exchange(*[b"x" * MAX_KEPT_BYTES] * 5)
    stage.exchange.leave()
    await asyncio.wait_for(stage.run(), 5)
    assert stage.done == ["closed", "background"]


async def test_content_that_was_forgotten_is_not_given_in_part(caplog: pytest.LogCaptureFixture) -> None:
    """Who reads the content after that is told why it is not there any more."""
    app = Yaat(autoload=False)

    @app.post("/")
    async def show(request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"part"
            await take_turns()
            yield await request.body()

        return StreamResponse(parts())

    exchange = Exchange(*[b"x" * MAX_KEPT_BYTES] * 5)
    with pytest.raises(BodyConsumed, match="Read it before the first part is sent"):
        await exchange.serve(app, "POST", "/")
    assert len(caplog.records) == 1
