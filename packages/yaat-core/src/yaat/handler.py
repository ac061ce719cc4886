"""This file is the user's function as Yaat sees it: examined once, when the app is built."""

import inspect
import sys
from collections import ChainMap
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import lru_cache, partial, wraps
from types import CellType, CodeType
from typing import Any

from .exceptions import HandlerError
from .provenance import Source, find_source
from .record import frozen
from .signature import read_signature
from .views import find_view_methods

#: Where names are looked up: what is global, and what comes before that.
Names = tuple[dict[str, Any], Mapping[str, Any]]


@frozen
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
        return getattr(find_function(self.function), "__qualname__", repr(self.function))

    @property
    def source(self) -> Source | None:
        """Where it begins."""
        return find_source(find_function(self.function))

    def __str__(self) -> str:
        return describe_function(self.function)


def examine(function: Any, *, view: type | None = None) -> Handler:
    """Return *function*, or an object that can be called, as a handler.

    Raises:
        HandlerError: It cannot be called, or nobody can tell what it takes.
    """
    if not callable(function):
        raise HandlerError(f"A handler is a function or a view class, not {function!r}.")
    try:
        signature = read_signature(function)
    except (TypeError, ValueError) as error:  # Functions written in C need not have one.
        raise HandlerError(f"{function!r} does not tell what it takes. Write a function that calls it.") from error
    layers = list(peel(function))
    has_texts = any(isinstance(each, str) for each in _list_annotations(signature))
    names = _find_names(layers[-1]) if has_texts else ({}, {})
    parameters = tuple(_settle_parameter(parameter, names) for parameter in signature.parameters.values())
    are_async = [inspect.iscoroutinefunction(layer) for layer in layers]
    return Handler(
        # A plain decorator may give an answer of its own instead of the coroutine.
        function=_settle(function) if any(are_async) and not are_async[0] else function,
        view=view,
        parameters=parameters[1:] if view is not None else parameters,
        returns=_resolve(signature.return_annotation, names),
        is_async=any(are_async),
    )


def examine_all(target: Any) -> Mapping[str | None, Handler]:
    """Return the handlers of *target*: one under `None` for a function, one for each method of a view.

    Raises:
        HandlerError: A view has no method that is named after an HTTP method.
    """
    if isinstance(target, type):
        return {
            method: examine(function, view=target if _takes_instance(target, method) else None)
            for method, function in find_view_methods(target).items()
        }
    if not callable(target):
        return {method: examine(function) for method, function in find_view_methods(target).items()}
    return {None: examine(target)}


def describe_function(function: Callable[..., Any]) -> str:
    """Return the name of a function, and where it begins if that is known, for messages."""
    inner = find_function(function)
    name, source = getattr(inner, "__qualname__", repr(function)), find_source(inner)
    return f"{name} ({source})" if source else name


def find_function(target: Any) -> Any:
    """Return the function inside partial functions, decorators made with `functools.wraps`, and callable objects."""
    *_, innermost = peel(target)
    return innermost


def find_decorator(handler: Handler) -> Any:
    """Return what a decorator made of the function inside, or `None` where there is none.

    What is around that in turn may be given more by it, or less; nobody can tell.
    """
    function: Any = handler.function
    if getattr(function, "__globals__", None) is globals():  # What `examine` has put around it passes all on.
        function = function.__wrapped__
    return function if hasattr(function, "__wrapped__") else None


def peel(target: Any) -> Iterator[Any]:
    """Yield *target* without a callable object around it, and then what is inside, layer by layer."""
    while True:
        if not isinstance(target, partial | type) and not inspect.isroutine(target):
            target = target.__call__
        yield target
        if isinstance(target, partial):
            target = target.func
        elif hasattr(target, "__wrapped__"):
            target = target.__wrapped__
        else:
            return


def _list_annotations(signature: inspect.Signature) -> list[Any]:
    """Return what a function says of its parameters, and of what it returns."""
    return [signature.return_annotation, *(each.annotation for each in signature.parameters.values())]


def _settle_parameter(parameter: inspect.Parameter, names: Names) -> inspect.Parameter:
    """Return *parameter* with its annotation resolved."""
    annotation = _resolve(parameter.annotation, names)
    if parameter.default is parameter.empty and type(annotation) is type:  # Others need not have a hash.
        return _make_parameter(parameter.name, parameter.kind, annotation)
    return parameter.replace(annotation=annotation)


@lru_cache(maxsize=256)
def _make_parameter(name: str, kind: Any, annotation: type) -> inspect.Parameter:
    """Return a parameter; most handlers take what others take too, so these are kept once."""
    return inspect.Parameter(name, kind, annotation=annotation)


def _settle(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """Return *function*, which gives an awaitable or a value, as one that always gives an awaitable."""

    @wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        return await result if isinstance(result, Awaitable) else result

    return call


def _takes_instance(view: type, method: str) -> bool:
    """Return whether what *view* has for *method* is called with an instance first."""
    return not isinstance(inspect.getattr_static(view, method.lower()), staticmethod | classmethod)


@lru_cache(maxsize=256)  # PERF: few annotations occur, and to compile them took a third of a build (figure "ready").
def _compile_annotation(text: str) -> CodeType:
    """Return the code of an annotation that is a text."""
    return compile(text.lstrip(), "<annotation>", "eval")


def _find_names(function: Any) -> Names:
    """Return what annotations of *function* that are texts may name: what its module has, and what it closes over.

    Those of a class may be inherited, so they may be of the module of any of its bases.
    """
    if isinstance(function, type):
        bases = function.__mro__
        first = next((number for number, base in enumerate(bases) if inspect.isfunction(vars(base).get("__init__"))), 0)
        modules = [sys.modules.get(base.__module__) for base in bases[first:]]
        return {}, ChainMap(*(vars(module) for module in modules if module is not None))
    # Since Python 3.14 annotations have a function of their own, which closes over what they alone name (PEP 649).
    closure = _read_closure(getattr(function, "__annotate__", None)) | _read_closure(function)
    return getattr(function, "__globals__", {}), closure


def _read_closure(function: Any) -> dict[str, Any]:
    """Return what *function* closes over, by its name there."""
    names = getattr(getattr(function, "__code__", None), "co_freevars", ())
    cells = getattr(function, "__closure__", None) or ()
    return {name: cell.cell_contents for name, cell in zip(names, cells, strict=False) if _is_filled(cell)}


def _is_filled(cell: CellType) -> bool:
    """Return whether a name that a function closes over stands for something already."""
    try:
        cell.cell_contents  # noqa: B018 - an empty one raises
    except ValueError:
        return False
    return True


def _resolve(annotation: Any, names: Names) -> Any:
    """Return what an annotation that is a text stands for, or the text where only a type checker can tell."""
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(_compile_annotation(annotation), *names)
    except Exception:
        return annotation
