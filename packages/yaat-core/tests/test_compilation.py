"""How arguments come together: the function that the build writes for each handler."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.arguments import PHASES, Argument, InvalidInput, Phase, Source
from yaat.compilation import PATH, Plan, Slot, compile_plan, write_plan


class Connection:
    """A connection that knows its path parameters, and what happened."""

    def __init__(self, **path_params: Any) -> None:
        self.scope = {"path_params": path_params}
        self.log: list[str] = []


async def call(*args: Any, **kwargs: Any) -> Any:
    return args, kwargs


def make_source(name: str, *, phase: Phase = "head", is_async: bool = False, fails: bool = False) -> Source:
    """Return a source that gives its name, and notes that it was asked."""

    def get(connection: Connection) -> str:
        connection.log.append(name)
        if fails:
            raise InvalidInput([{"detail": f"source {name}"}])
        return name

    async def get_later(connection: Connection) -> str:
        await asyncio.sleep(0)
        return get(connection)

    return Source(get=get_later if is_async else get, is_async=is_async, phase=phase)


def refuse(value: str) -> Any:
    raise InvalidInput([{"detail": f"reader of {value}"}])


def run(slots: list[Slot], connection: Connection | None = None, **options: Any) -> Any:
    async def respond() -> Any:
        return await compile_plan(Plan(call=call, slots=slots, **options))(connection or Connection())

    return asyncio.run(respond())


def fail(slots: list[Slot], connection: Connection | None = None) -> list[str]:
    """Return the errors that a plan tells."""
    with pytest.raises(InvalidInput) as caught:
        run(slots, connection)
    return [each["detail"] for each in caught.value.errors]


def slot(source: Source, read: Callable[[Any], Any] | None = None, keyword: str | None = None) -> Slot:
    return Slot(keyword=keyword, argument=Argument(source=source, read=read))


def test_arguments_are_given_by_position_and_by_name() -> None:
    """The request, path parameters, what sources give, and what is read from that."""
    source = make_source("a")
    connection = Connection(id=5, name="x")
    slots = [
        Slot(keyword=None),
        Slot(keyword=None, argument=Argument(source=PATH), path_name="id"),
        slot(source),
        slot(source, str.upper, "upper"),
        Slot(keyword="name", argument=Argument(source=PATH), path_name="name"),
    ]
    assert run(slots, connection) == ((connection, 5, "a"), {"upper": "A", "name": "x"})
    assert connection.log == ["a"]


def test_what_a_handler_returns_is_converted() -> None:
    """By a function that does not wait."""
    assert run([Slot(keyword=None)], convert=len) == 2


def test_the_written_function_can_be_looked_at() -> None:
    """It is plain Python, without a loop."""
    source = make_source("a", is_async=True)
    assert write_plan(Plan(call=call, slots=[Slot(keyword=None), slot(source, str.upper, "b")])) == (
        "async def respond(request):\n"
        "    source_0 = MISSING\n"
        "    try:\n"
        "        source_0 = await get_0(request)\n"
        "        value_1 = read_1(source_0)\n"
        "    except InvalidInput as error:\n"
        "        return await collect(request, error, (source_0, ))\n"
        "    return await call(request, b=value_1)\n"
    )


def test_nothing_is_written_that_is_not_needed() -> None:
    """Path parameters alone are given by a plain function."""
    slots = [Slot(keyword=None), Slot(keyword=None, argument=Argument(source=PATH), path_name="it's")]
    assert write_plan(Plan(call=call, slots=slots)) == (
        "def respond(request):\n"
        "    source_0 = request.scope['path_params']\n"
        '    return call(request, source_0["it\'s"])\n'
    )


def test_sources_are_asked_phase_by_phase() -> None:
    """In the order of the arguments inside a phase."""
    connection = Connection()
    sources = [make_source(f"{phase} {number}", phase=phase) for number in (1, 2) for phase in reversed(PHASES)]
    run([slot(source) for source in sources], connection)
    assert connection.log == [f"{phase} {number}" for phase in PHASES for number in (1, 2)]


def test_all_errors_are_told_at_once() -> None:
    """Of sources and of readers; no source is asked twice."""
    connection = Connection()
    one, two = make_source("one"), make_source("two", fails=True)
    three, four = make_source("three", phase="content", is_async=True), make_source("four", phase="content", fails=True)
    slots = [slot(one), slot(two), slot(three, refuse), slot(three, refuse), slot(three, str.upper), slot(four)]
    assert fail(slots, connection) == ["source two", "reader of three", "reader of three", "source four"]
    assert connection.log == ["one", "two", "three", "four"]


def test_errors_of_readers_are_told_with_those_of_sources_after_them() -> None:
    """What was fetched is not fetched again."""
    connection = Connection()
    one, two = make_source("one"), make_source("two", fails=True)
    assert fail([slot(one, refuse), slot(one, refuse), slot(two)], connection) == [
        "reader of one",
        "reader of one",
        "source two",
    ]
    assert connection.log == ["one", "two"]


def test_content_is_not_read_when_access_is_not_granted() -> None:
    """What can be told without it is told."""
    connection = Connection()
    slots = [
        slot(make_source("content", phase="content")),
        slot(make_source("head"), refuse),
        slot(make_source("access", phase="access", fails=True)),
        slot(make_source("more", phase="access", fails=True)),
        slot(make_source("late", phase="late")),
    ]
    assert fail(slots, connection) == ["source access", "source more", "reader of head"]
    assert connection.log == ["access", "more", "head"]


def test_nothing_is_entered_when_access_is_not_granted() -> None:
    """Nobody would use it; but mistakes that come later hinder nothing that access itself enters."""
    connection = Connection()
    session = replace(make_source("session", phase="access"), has_exit=True)
    slots = [slot(make_source("access", phase="access", fails=True)), slot(session), slot(make_source("head"), refuse)]
    assert fail(slots, connection) == ["source access", "reader of head"]
    assert connection.log == ["access", "head"]


def test_what_several_sources_pass_on_is_told_once() -> None:
    """Not so two mistakes that read alike."""
    mistake = {"detail": "no such user"}

    def get(connection: Connection) -> Any:
        raise InvalidInput([mistake, {"detail": "own"}])

    assert fail([slot(Source(get=get)), slot(Source(get=get))]) == ["no such user", "own", "own"]


def test_what_a_source_needs_is_asked_in_its_own_phase() -> None:
    """Once, however many need it; what is of no earlier phase is left to who needs it."""
    connection = Connection()
    user, other = make_source("user", phase="access", is_async=True), make_source("other")
    late = replace(make_source("late", phase="late"), needs=(user,))
    head = replace(make_source("head"), needs=(user, other))
    slots = [slot(late), slot(make_source("content", phase="content")), slot(head)]
    assert run(slots, connection) == (("late", "content", "head"), {})
    assert connection.log == ["user", "head", "content", "late"]


def test_content_is_not_read_when_what_another_source_needs_is_refused() -> None:
    """It is access that is not granted; nothing late is made."""
    connection = Connection()
    late = replace(make_source("late", phase="late"), needs=(make_source("user", phase="access", fails=True),))
    assert fail([slot(make_source("content", phase="content")), slot(late)], connection) == ["source user"]
    assert connection.log == ["user"]


def test_content_is_not_read_when_what_access_gives_is_wrong() -> None:
    """A reader counts like its source."""
    connection = Connection()
    access = make_source("access", phase="access")
    assert fail([slot(access, refuse), slot(make_source("content", phase="content"))], connection) == [
        "reader of access"
    ]
    assert connection.log == ["access"]


def test_what_is_late_is_made_for_valid_requests_alone() -> None:
    """And its own errors are told alone."""
    connection = Connection()
    late = make_source("late", phase="late", fails=True)
    content = make_source("content", phase="content")
    assert fail([slot(late), slot(content, refuse)], connection) == ["reader of content"]
    assert fail([slot(late), slot(content)]) == ["source late"]


def test_other_errors_go_on_at_once() -> None:
    """A refusal is no mistake among others."""

    def get(connection: Any) -> Any:
        raise LookupError("not let in")

    with pytest.raises(LookupError, match="not let in"):
        run([slot(make_source("head", fails=True)), slot(Source(get=get, phase="access"))])


def test_errors_of_the_handler_are_its_own() -> None:
    """Even those of the same class."""
    asked: list[str] = []

    async def raise_it(value: str) -> Any:
        asked.append(value)
        raise InvalidInput([{"detail": "by hand"}])

    with pytest.raises(InvalidInput, match="by hand"):
        asyncio.run(_await(compile_plan(Plan(call=raise_it, slots=[slot(make_source("a"))]))))
    assert asked == ["a"]


async def _await(respond: Callable[[Any], Awaitable[Any]]) -> Any:
    return await respond(Connection())


@dataclass(frozen=True)
class Drawn:
    """One argument of a made-up handler."""

    name: int
    phase: Phase
    is_async: bool
    fails: bool
    read: Callable[[Any], Any] | None
    is_keyword: bool

    def make(self, number: int) -> Slot:
        source = make_source(f"{self.name}", phase=self.phase, is_async=self.is_async, fails=self.fails)
        return slot(source, self.read, f"a{number}" if self.is_keyword else None)


ARGUMENTS = st.builds(
    Drawn,
    name=st.integers(0, 99),
    phase=st.sampled_from(PHASES),
    is_async=st.booleans(),
    fails=st.booleans(),
    read=st.sampled_from([None, str.upper, refuse]),
    is_keyword=st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ARGUMENTS, max_size=6))
def test_it_does_what_a_plain_loop_does(drawn: list[Drawn]) -> None:
    """Each source is asked once at most; the call gets what a loop over the arguments would give it."""
    drawn.sort(key=lambda each: each.is_keyword)
    slots = [each.make(number) for number, each in enumerate(drawn)]
    connection = Connection()
    if any(each.fails or each.read is refuse for each in drawn):
        assert fail(slots, connection)
        assert len(connection.log) <= len(slots)
        return
    args, kwargs = run(slots, connection)
    assert [*args, *kwargs.values()] == [f"{each.name}" for each in drawn]  # Digits have no upper case.
    assert len(connection.log) == len(slots)
