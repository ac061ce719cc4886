"""This file is the user's function as Yaat sees it: examined once, when the app is built."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .exceptions import HandlerError
from .provenance import Source, find_source
from .views import find_view_methods


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """A function that answers requests.

    Attributes:
        function: What is called: a plain or a coroutine function. For a method of a view class it takes the instance
            first.
        view: The class to make an instance of for every request, or `None`.
        parameters: What it takes, without the instance; annotations that are texts are resolved where they can be.
        returns: The return annotation; `inspect.Signature.empty` where there is none.
        is_async: Whether calling it gives a coroutine.
    """

    function: Callable[..., Any]
    view: type | None
    parameters: tuple[inspect.Parameter, ...]
    returns: Any
    is_async: bool

    @property
    def name(self) -> str:
        """The qualified name, for messages."""
        return getattr(self.function, "__qualname__", repr(self.function))

    @property
    def source(self) -> Source | None:
        """Where it begins."""
        return find_source(inspect.unwrap(self.function))

    def __str__(self) -> str:
        return f"{self.name} ({self.source})" if self.source else self.name


def examine(function: Any, *, view: type | None = None) -> Handler:
    """Return *function*, or an object that can be called, as a handler.

    Raises:
        HandlerError: It cannot be called.
    """
    if not callable(function):
        raise HandlerError(f"A handler is a function or a view class, not {function!r}.")
    target = function if inspect.isroutine(function) else function.__call__
    try:
        signature = inspect.signature(function, eval_str=True)
    except (
        NameError,
        TypeError,
        AttributeError,
        SyntaxError,
    ):  # An annotation that only a type checker can resolve.
        signature = inspect.signature(function)
    parameters = tuple(signature.parameters.values())
    return Handler(
        function=function,
        view=view,
        parameters=parameters[1:] if view is not None else parameters,
        returns=signature.return_annotation,
        is_async=inspect.iscoroutinefunction(inspect.unwrap(target)) or inspect.iscoroutinefunction(target),
    )


def examine_all(target: Any) -> Mapping[str | None, Handler]:
    """Return the handlers of *target*: one under `None` for a function, one for each method of a view.

    Raises:
        HandlerError: A view has no method that is named after an HTTP method.
    """
    if isinstance(target, type):
        return {method: examine(function, view=target) for method, function in find_view_methods(target).items()}
    if not callable(target):
        return {method: examine(function) for method, function in find_view_methods(target).items()}
    return {None: examine(target)}
