"""This file is what templates can use besides what the handler gives: the request, URLs, and what plugins add."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from inspect import iscoroutinefunction
from typing import Any

from yaat.exceptions import ConfigurationError

#: Called with the request for every page; gives names and values, or an awaitable of them.
ContextProcessor = Callable[[Any], Mapping[str, Any] | Awaitable[Mapping[str, Any]]]

#: Names that every template has.
RESERVED = ("request", "url_for")


class ContextMaker:
    """Makes the whole context of a page.

    What the handler gives wins over what processors give, and that over *values*.

    Args:
        values: The same for every page.
        processors: Called in their order for every page that answers a request.
        url_for: What `url_for` is outside of a request; left to the engine where there is none.

    Raises:
        ConfigurationError: *values* claim a reserved name.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        processors: Iterable[ContextProcessor] = (),
        url_for: Callable[..., Any] | None = None,
    ) -> None:
        for name in RESERVED:
            if name in values:
                raise ConfigurationError(
                    f"Templates have {name!r} by themselves, so no other value can be called so. Choose another name."
                )
        self._values = dict(values)
        self._outside = {} if url_for is None else {"url_for": url_for}
        self._processors = tuple(processors)
        #: Whether a processor has to be awaited.
        self.is_async = any(map(_is_async, self._processors))

    def make(self, own: Mapping[str, Any], request: Any) -> dict[str, Any]:
        """Return the context of a page; none of the processors may be asynchronous.

        Args:
            own: What the handler gave.
            request: What is answered, or `None` outside of a request.
        """
        context = self._begin(request)
        for process in self._processors if request is not None else ():
            context.update(_check(process(request), process))
        context.update(own)
        return context

    async def make_async(self, own: Mapping[str, Any], request: Any) -> dict[str, Any]:
        """Return the context of a page, whatever the processors are."""
        context = self._begin(request)
        for process in self._processors if request is not None else ():
            given = process(request)
            context.update(_check(await given if isinstance(given, Awaitable) else given, process))
        context.update(own)
        return context

    def _begin(self, request: Any) -> dict[str, Any]:
        """Return what is there before processors and handler add to it."""
        if request is None:
            return {**self._values, **self._outside, "request": None}
        return {**self._values, "request": request, "url_for": request.url_for}


def _is_async(process: ContextProcessor) -> bool:
    """Whether calling *process* gives something to await."""
    return iscoroutinefunction(process) or iscoroutinefunction(type(process).__call__)


def _check(given: object, process: ContextProcessor) -> Mapping[str, Any]:
    """Return what a processor gave.

    Raises:
        TypeError: It is no mapping.
    """
    if not isinstance(given, Mapping):
        name = getattr(process, "__qualname__", repr(process))
        raise TypeError(
            f"The context processor {name} gave {given!r:.200}. Return a mapping of names to values, if only {{}}."
        )
    return given
