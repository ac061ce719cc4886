"""This file is how a handler gets its arguments: decided once, so that a request only makes the call."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from functools import lru_cache
from typing import Annotated, Any, get_args, get_origin

from .arguments import EXITS, Argument, Conversion, Input, Output, Site
from .compilation import PATH, Plan, Respond, Slot, compile_plan
from .exceptions import HandlerError, ResponseError
from .handler import Handler, find_decorator
from .provenance import find_source
from .record import frozen, replace
from .records import ReturnConverter
from .resolution import BY_NAME, BoundParameter, check_path, resolve_parameters, resolve_returns
from .signature import read_signature

#: Puts something around what calls a handler.
Wrap = Callable[[Respond], Respond]


@frozen
class Binding:
    """What one handler gets, and what becomes of what it returns.

    Attributes:
        handler: It.
        parameters: By name, those that get a value.
        returns: Who converts the values that it returns, and how; `None` for the response types alone.
    """

    handler: Handler
    parameters: Mapping[str, BoundParameter]
    returns: tuple[ReturnConverter, Conversion] | None = None

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What of the client's it takes, apart from path parameters that are given as they are."""
        return tuple(each for argument in self._arguments for each in argument.inputs)

    @property
    def outputs(self) -> tuple[Output, ...]:
        """What it may answer, as far as it is declared: what it returns, then what its arguments lead to, each once."""
        found = [] if self.returns is None else list(self.returns[1].outputs)
        for argument in self._arguments:
            found += [each for each in argument.outputs if each not in found]
        return tuple(found)

    @property
    def is_plain(self) -> bool:
        """Whether the core alone gives it all that it gets, and nobody converts what it returns."""
        return self.returns is None and not self._arguments

    @property
    def has_exit(self) -> bool:
        """Whether something is to be left when the handler is done."""
        return any(argument.source.has_exit for argument in self._arguments)

    @property
    def _arguments(self) -> list[Argument]:
        """What resolvers have answered."""
        return [one.argument for one in self.parameters.values() if one.argument is not None]


def bind(handler: Handler, site: Site) -> Respond:
    """Return what calls *handler* with the request, the path parameters and whatever else it takes.

    A handler that takes the request and nothing else is returned as it is, so it costs nothing.

    Raises:
        HandlerError: The handler takes something nobody gives, or lacks a path parameter.
    """
    return compile_binding(resolve(handler, site), site)


def resolve(handler: Handler, site: Site) -> Binding:
    """Return who gives *handler* what it takes.

    Raises:
        HandlerError: As for `bind`.
    """
    site = site if site.handler is handler else replace(site, handler=handler)
    parameters = resolve_parameters(handler, site)
    check_path(handler, parameters, site)
    return Binding(handler=handler, parameters=parameters, returns=resolve_returns(handler, site))


def compile_binding(binding: Binding, site: Site, wrap: Wrap | None = None) -> Respond:
    """Return what calls a handler as *binding* says.

    Args:
        binding: What it gets.
        site: Where it stands.
        wrap: Puts something around the call, inside of what converts its value and of what is left in the end.
    """
    # A plain handler whose arguments hold something must not wait behind those who wait for that.
    call = make_call(binding.handler, site.threads.run_holding if binding.has_exit else site.threads.run)
    slots = list_slots(binding.handler, binding.parameters, site)
    called = call if slots == [_REQUEST] else compile_plan(Plan(call=call, slots=slots))
    respond = called if wrap is None else wrap(called)
    if binding.returns is not None:
        # PERF: where nothing is around the call it is converted in the same frame.
        call, slots = (call, slots) if respond is called else (respond, [_REQUEST])
        respond = compile_plan(Plan(call=call, slots=slots, convert=binding.returns[1].convert))
    return _leave_after(respond, binding.handler) if binding.has_exit else respond


def find_annotated_converters(handler: Handler, converters: Mapping[type, str]) -> dict[str, str]:
    """Return the converter that each annotation of *handler* asks for, by parameter name."""
    found = {}
    for parameter in handler.parameters:
        annotation = parameter.annotation
        kind = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
        if isinstance(kind, type) and kind in converters:
            found[parameter.name] = converters[kind]
    return found


def make_call(handler: Handler, run: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Return a function that calls *handler* and gives something to await.

    Args:
        run: Calls a plain function in a thread.
    """
    function: Callable[..., Any] = handler.function
    if handler.view is not None:
        view, method = handler.view, handler.function

        def function(*args: Any, **kwargs: Any) -> Any:
            return method(view(), *args, **kwargs)

    if handler.is_async:
        return function

    async def call(*args: Any, **kwargs: Any) -> Any:
        return await run(function, *args, **kwargs)

    return call


def list_slots(handler: Handler, parameters: Mapping[str, BoundParameter], site: Site) -> list[Slot]:
    """Return the arguments of the call: by position as long as none is left out, then by keyword.

    Raises:
        HandlerError: One can be given by position alone, after one that is left out.
    """
    # A decorator may take by keyword alone what it says it takes.
    is_decorated = hasattr(handler.function, "__wrapped__")
    slots: list[Slot] = []
    has_gap = False
    for parameter in handler.parameters:
        bound = parameters.get(parameter.name)
        if bound is None:
            has_gap = True
            continue
        is_first_request = not slots and not has_gap and bound.resolver == "request"
        has_gap |= parameter.kind is parameter.KEYWORD_ONLY or (is_decorated and not is_first_request)
        if has_gap and parameter.kind not in BY_NAME:
            raise HandlerError(f"The handler {handler} takes {parameter.name!r} by position alone.\n{site.where}")
        slots.append(_make_slot(bound, parameter.name if has_gap else None))
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in handler.parameters):
        rest = [name for name in site.converters if name not in parameters]
        slots += [_make_path_slot(name, name) for name in rest]
    decorator = find_decorator(handler)
    if decorator is not None:
        _check_decorator(decorator, handler, slots, site)
    return slots


def _check_decorator(decorator: Any, handler: Handler, slots: Iterable[Slot], site: Site) -> None:
    """Raise where what *decorator* made does not take what the function inside says that it takes.

    Raises:
        HandlerError: It would fail at each request.
    """
    given: list[Any] = [slot for slot in slots if slot.keyword is None]
    named: dict[str, Any] = {slot.keyword: slot for slot in slots if slot.keyword is not None}
    try:
        signature = read_signature(decorator, follow_wrapped=False)
    except (TypeError, ValueError):  # Functions written in C need not have one.
        return
    try:
        signature.bind(*([handler] if handler.view is not None else []), *given, **named)
    except TypeError as error:
        source = find_source(decorator)
        raise HandlerError(
            f"The handler {handler} is called through its decorator{f' ({source})' if source else ''}, "
            f"which cannot be called with what the handler takes: {error}.\n{site.where}\n"
            "With functools.wraps a decorator is given what the function inside takes, under the same names. "
            "Let that take what the decorator needs too, and the decorator pass on *args and **kwargs."
        ) from None


def _make_slot(bound: BoundParameter, keyword: str | None) -> Slot:
    """Return one argument of the call."""
    if bound.argument is not None:
        return Slot(keyword=keyword, argument=bound.argument)
    if bound.resolver == "path":
        return _make_path_slot(keyword, bound.name)
    return _REQUEST if keyword is None else Slot(keyword=keyword)


@lru_cache(maxsize=256)  # PERF: few names occur (figure "1,000 routes").
def _make_path_slot(keyword: str | None, name: str) -> Slot:
    """Return one argument that is a path parameter."""
    return Slot(keyword=keyword, argument=_FROM_PATH, path_name=name)


#: The request alone.
_REQUEST = Slot(keyword=None)
#: How every path parameter is given that no resolver has taken on.
_FROM_PATH = Argument(source=PATH)


def _leave_after(respond: Respond, handler: Handler) -> Respond:
    """Return *respond* with an exit stack for what its arguments leave when the handler is done.

    It is left before the response is sent, so nothing is held while a slow client reads. What is left sees the
    exception that the handler raised; it may raise another, but not hush it up: there would be no response.
    """

    async def respond_and_leave(request: Any) -> Any:
        async with AsyncExitStack() as stack:
            request.scope[EXITS] = stack
            return await respond(request)
        raise ResponseError(
            f"The handler {handler} raised, and what one of its arguments leaves behind has hushed that up. "
            "Raise the exception again after the clean-up."
        )

    return respond_and_leave
