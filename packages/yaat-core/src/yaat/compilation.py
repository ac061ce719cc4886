"""This file is how arguments come together: the source of one plain function for each handler, made by the build.

PERF: a request with two arguments of the query costs 7 % less than with a loop over the arguments (row "two query
parameters"). `Plan.collect` is the same work as a loop; it tells all that is wrong at once.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import Any

from .arguments import PHASES, Argument, InvalidInput, Source
from .record import field, frozen, set_field

#: Calls a handler for a request.
Respond = Callable[[Any], Awaitable[Any]]

#: A source that has not been asked yet, or has not answered.
MISSING: Any = object()

#: The path parameters as the route table has converted them. It never fails.
PATH = Source(get=lambda connection: connection.scope["path_params"])


@frozen
class Slot:
    """One argument of a call.

    Attributes:
        keyword: The name to give it by; `None` by position.
        argument: How it is made; `None` for the request itself.
        path_name: The path parameter that it is, if it is read from `PATH`.
    """

    keyword: str | None
    argument: Argument | None = None
    path_name: str = ""


@frozen
class Plan:
    """What is done for each request, in which order.

    Attributes:
        call: Calls the handler; gives something to await.
        slots: The arguments of the call, in their order.
        convert: Called with what the handler returns, unless it is `None`.
        sources: What the arguments are read from, and what that needs, each once, in the order of their phases.
    """

    call: Callable[..., Awaitable[Any]]
    slots: Sequence[Slot]
    convert: Callable[[Any], Any] | None = None
    sources: tuple[Source, ...] = field(init=False, is_shown=False)

    def __post_init__(self) -> None:
        read = [slot.argument.source for slot in self.slots if slot.argument is not None]
        needed = [each for source in read for each in source.needs if _rank(each) < _rank(source)]
        set_field(self, "sources", tuple(sorted(dict.fromkeys([*read, *needed]), key=_rank)))

    def list_readers(self, source: Source) -> list[tuple[int, Callable[[Any], Any]]]:
        """Return what reads from *source*, each with the number of its slot."""
        return [
            (number, slot.argument.read)
            for number, slot in enumerate(self.slots)
            if slot.argument is not None and slot.argument.source is source and slot.argument.read is not None
        ]

    async def collect(self, request: Any, error: InvalidInput, known: Sequence[Any]) -> Any:
        """Raise all that is wrong with a request, of which *error* is the first.

        Args:
            known: What each source has given, in their order, or `MISSING`.

        Raises:
            InvalidInput: With the errors of all sources and readers, each once. When access is not granted, nothing of
                the content is read, and nothing is entered that would be left; what is late is not made at all.
        """
        errors: list[Any] = []
        is_told = is_refused = False
        for source, value in zip(self.sources, known, strict=True):
            if value is not MISSING:
                found = self._read_errors(source, value)
                is_told |= bool(found)
            elif not is_told:  # All that was read is right, so it was this source that raised.
                found, is_told = list(error.errors), True
            elif source.phase == "late" or (is_refused and (source.phase == "content" or source.has_exit)):
                continue
            else:
                found = await self._ask(source, request)
            # Two sources may pass on what a third has raised.
            errors += [each for each in found if not any(each is other for other in errors)]
            is_refused |= source.phase == "access" and bool(found)
        raise InvalidInput(errors) from error

    async def _ask(self, source: Source, request: Any) -> list[Any]:
        """Return what is wrong with what *source* gives."""
        try:
            value = source.get(request)
            return self._read_errors(source, await value if source.is_async else value)
        except InvalidInput as error:
            return list(error.errors)

    def _read_errors(self, source: Source, value: Any) -> list[Any]:
        """Return what is wrong with what is read from *value*."""
        errors: list[Any] = []
        for _, read in self.list_readers(source):
            try:
                read(value)
            except InvalidInput as error:
                errors += error.errors
        return errors


def _rank(source: Source) -> int:
    """Return which phase a source is asked in."""
    return PHASES.index(source.phase)


def compile_plan(plan: Plan) -> Respond:
    """Return the function that carries *plan* out for one request."""
    names: dict[str, Any] = {"call": plan.call, "convert": plan.convert, "collect": plan.collect}
    for number, source in enumerate(plan.sources):
        names[f"get_{number}"] = source.get
    for number, slot in enumerate(plan.slots):
        names[f"read_{number}"] = slot.argument.read if slot.argument is not None else None
    respond: Respond = _compile_text(write_plan(plan), tuple(names))(**names)
    return respond


@lru_cache(maxsize=256)  # PERF: handlers are of few shapes; to compile the text takes most of the time (start-up).
def _compile_text(text: str, names: tuple[str, ...]) -> Callable[..., Respond]:
    """Return what makes the function of a text, for any values of *names*; of these it keeps what it needs."""
    inner = "".join(f"    {line}\n" for line in text.splitlines())
    made: dict[str, Any] = {"MISSING": MISSING, "InvalidInput": InvalidInput}
    exec(
        compile(f"def make({', '.join(names)}):\n{inner}    return respond\n", "<arguments of a handler>", "exec"), made
    )
    make: Callable[..., Respond] = made["make"]
    return make


def write_plan(plan: Plan) -> str:
    """Return the source of the function that carries *plan* out, to look at."""
    waits = plan.convert is not None or any(source.is_async for source in plan.sources)
    keyword = "await " if waits else ""
    lines = [f"{'async ' if waits else ''}def respond(request):"]
    asked = [number for number, source in enumerate(plan.sources) if source is not PATH]
    if PATH in plan.sources:
        lines.append(f"    source_{plan.sources.index(PATH)} = request.scope['path_params']")
    if asked:
        lines += [f"    {' = '.join(f'source_{number}' for number in asked)} = MISSING", "    try:"]
        lines += [f"        {line}" for number in asked for line in _write_source(plan, number)]
        values = "".join(f"source_{number}, " for number in range(len(plan.sources)))
        lines += ["    except InvalidInput as error:", f"        return {keyword}collect(request, error, ({values}))"]
    arguments = [_write_argument(plan, number) for number in range(len(plan.slots))]
    result = f"{keyword}call({', '.join(arguments)})"
    lines.append(f"    return {result if plan.convert is None else f'convert({result})'}")
    return "\n".join(lines) + "\n"


def _write_source(plan: Plan, number: int) -> list[str]:
    """Return the lines that ask one source, and read from it."""
    source = plan.sources[number]
    lines = [f"source_{number} = {'await ' if source.is_async else ''}get_{number}(request)"]
    return lines + [f"value_{slot} = read_{slot}(source_{number})" for slot, _ in plan.list_readers(source)]


def _write_argument(plan: Plan, number: int) -> str:
    """Return one argument of the call."""
    slot = plan.slots[number]
    if slot.argument is None:
        value = "request"
    elif slot.argument.source is PATH:
        value = f"source_{plan.sources.index(PATH)}[{slot.path_name!r}]"
    elif slot.argument.read is None:
        value = f"source_{plan.sources.index(slot.argument.source)}"
    else:
        value = f"value_{number}"
    return value if slot.keyword is None else f"{slot.keyword}={value}"
