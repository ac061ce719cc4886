"""Handlers: functions as they are found, examined once."""

import functools
import inspect
import sys
from collections.abc import Callable
from decimal import Decimal
from types import ModuleType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from yaat import Yaat
from yaat.exceptions import HandlerError
from yaat.handler import examine, examine_all, find_decorator, find_function

from .asgi_driver import ask

if TYPE_CHECKING:
    from fractions import Fraction


async def native(request: Any, id: int) -> str:
    return f"native {id!r}"


def plain(request: Any, id: int) -> str:
    return f"plain {id!r}"


class Caller:
    async def __call__(self, request: Any, id: int) -> str:
        return f"caller {id!r}"


class PlainCaller:
    def __call__(self, request: Any, id: int) -> str:
        return f"plain caller {id!r}"


class Holder:
    async def method(self, request: Any, id: int) -> str:
        return f"method {id!r}"


def plainly(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate with a plain function that may answer in place of the handler."""

    @functools.wraps(function)
    def wrapper(request: Any, *args: Any, **kwargs: Any) -> Any:
        return "early" if "early" in request.query_params else function(request, *args, **kwargs)

    return wrapper


def asynchronously(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate with a coroutine function."""

    @functools.wraps(function)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        return await result if inspect.isawaitable(result) else result

    return wrapper


def nameless(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate without telling what is inside."""

    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        return await function(*args, **kwargs)

    return wrapper


@pytest.mark.parametrize(
    ("target", "answer", "is_async"),
    [
        pytest.param(native, "native 5", True, id="coroutine function"),
        pytest.param(plain, "plain 5", False, id="function"),
        pytest.param(Caller(), "caller 5", True, id="callable object"),
        pytest.param(PlainCaller(), "plain caller 5", False, id="plain callable object"),
        pytest.param(Holder().method, "method 5", True, id="method"),
        pytest.param(functools.partial(native), "native 5", True, id="partial"),
        pytest.param(functools.partial(plain), "plain 5", False, id="partial of a function"),
        pytest.param(functools.partial(Caller()), "caller 5", True, id="partial of a callable object"),
        pytest.param(plainly(native), "native 5", True, id="plainly decorated"),
        pytest.param(plainly(plain), "plain 5", False, id="plainly decorated function"),
        pytest.param(plainly(functools.partial(native)), "native 5", True, id="plainly decorated partial"),
        pytest.param(asynchronously(native), "native 5", True, id="asynchronously decorated"),
        pytest.param(asynchronously(plain), "plain 5", True, id="asynchronously decorated function"),
        pytest.param(asynchronously(plainly(native)), "native 5", True, id="decorated twice"),
        pytest.param(plainly(asynchronously(native)), "native 5", True, id="decorated twice the other way round"),
    ],
)
def test_whatever_can_be_called_is_a_handler(target: Any, answer: str, is_async: bool) -> None:
    """Functions, methods, partial functions, decorated functions and callable objects, asynchronous or not, answer."""
    app = Yaat(autoload=False)
    app.add_route("/{id}", target)
    assert (ask(app, "GET", "/5").text, examine(target).is_async) == (answer, is_async)


def test_a_decorator_that_tells_nothing_gets_the_request_and_all_parameters() -> None:
    """A decorator without `functools.wraps` takes `*args, **kwargs`: it is given the request and every parameter."""
    app = Yaat(autoload=False)
    app.add_route("/{id}", nameless(native))
    assert ask(app, "GET", "/5").text == "native '5'"


def test_a_plain_decorator_may_answer_in_place_of_a_coroutine_function() -> None:
    """A plain wrapper around a coroutine function may return a value of its own instead of the coroutine."""
    app = Yaat(autoload=False)
    app.add_route("/{id}", plainly(native))
    assert [ask(app, "GET", path).text for path in ("/5", "/5?early")] == ["native 5", "early"]


@pytest.mark.parametrize("target", [5, "handler", None, object()], ids=type)
def test_what_cannot_be_called_is_no_handler(target: Any) -> None:
    """Anything else is refused."""
    with pytest.raises(HandlerError, match="A handler is a function or a view class, not"):
        examine(target)


@pytest.mark.parametrize("target", [5, None])
def test_what_is_no_handler_is_told_with_the_line_of_the_route(target: Any) -> None:
    """The build stops at a route whose handler is none, and names its line."""
    app = Yaat(autoload=False)
    app.add_route("/x", target)
    with pytest.raises(HandlerError, match=r"The route /x was added at .*test_handler\.py:\d+ by the app"):
        app.build()


def test_a_function_without_a_signature_is_refused() -> None:
    """A function written in C that does not tell what it takes cannot be a handler."""
    with pytest.raises(HandlerError, match="<built-in function dir> does not tell what it takes"):
        examine(dir)


# --- annotations ---


def with_text_annotations() -> Callable[..., Any]:
    scope: dict[str, Any] = {}
    exec(
        "from __future__ import annotations\n"
        "async def handler(request: Unknown, id: int, broken: 1 / 0 = None) -> None: ...\n"
        "def wraps(function): return functools.wraps(function)(lambda *args, **kwargs: function(*args, **kwargs))\n"
        "import functools\n"
        "wrapped = wraps(handler)\n",
        scope,
    )
    handler: Callable[..., Any] = scope["wrapped"]
    return handler


def test_annotations_that_are_texts_are_resolved_one_by_one() -> None:
    """A name that only a type checker knows leaves the other annotations as they are meant."""
    handler = examine(with_text_annotations())
    assert [parameter.annotation for parameter in handler.parameters] == ["Unknown", int, "1 / 0"]
    assert handler.returns is None


def test_a_forward_reference_is_resolved() -> None:
    """A quoted name is looked up where the function stands."""

    def handler(request: "Caller", price: "Fraction") -> "int":
        return 1

    examined = examine(handler)
    assert [p.annotation for p in examined.parameters] == [Caller, "Fraction"]
    assert examined.returns is int


def test_a_text_may_name_what_the_function_closes_over() -> None:
    """As in an app that a function makes; what is not there yet, or not used inside, stays a text."""

    class Local: ...

    def handler(one: "Local", later: "Later", other: "Other" = None) -> "list[Local]":  # type: ignore[assignment]  # that is the point
        return [Local(), Later()]  # type: ignore[list-item]  # never called

    class Other: ...

    examined = examine(handler)
    assert [p.annotation for p in examined.parameters] == [Local, "Later", "Other"]
    assert examined.returns == list[Local]

    class Later: ...

    assert [p.annotation for p in examine(handler).parameters] == [Local, Later, "Other"]


def test_texts_in_a_class_are_resolved_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or where the base that it inherits them from does."""
    base, other = ModuleType("base"), ModuleType("other")
    monkeypatch.setitem(sys.modules, "base", base)
    monkeypatch.setitem(sys.modules, "other", other)
    start = "from __future__ import annotations\nfrom dataclasses import dataclass\n"
    exec(
        f"{start}from decimal import Decimal\n"
        "@dataclass\nclass Price:\n amount: Decimal\n"
        "class Plain:\n Unit = int\n def __init__(self, size: Unit): ...\n"
        "Unit = float\n",
        vars(base),
    )
    exec(
        f"{start}from base import Plain, Price\nfrom uuid import UUID\nUnit = str\n"
        "@dataclass\nclass Offer(Price):\n id: UUID\n"
        "class Special(Plain): ...\n",
        vars(other),
    )
    targets = [
        vars(base)["Price"],
        vars(other)["Offer"],
        vars(other)["Special"],
        functools.partial(vars(base)["Plain"]),
    ]
    found = [[p.annotation for p in examine(target).parameters] for target in targets]
    assert found == [[Decimal], [Decimal, UUID], [float], [float]]


def test_no_annotation_is_no_annotation() -> None:
    """Without a return annotation there is none; `-> None` is one."""

    def handler(request):  # type: ignore[no-untyped-def]  # that is the point
        return None

    assert examine(handler).returns is inspect.Signature.empty
    assert examine(with_text_annotations()).returns is None


# --- names ---


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (native, "native"),
        (Holder.method, "Holder.method"),
        (Caller(), "Caller.__call__"),
        (functools.partial(native), "native"),
        (plainly(native), "native"),
    ],
    ids=["function", "method", "object", "partial", "decorated"],
)
def test_a_handler_is_called_like_the_function_inside(target: Any, name: str) -> None:
    """Messages name the function that somebody wrote, and the line where it begins."""
    handler = examine(target)
    assert handler.name == name
    assert str(handler) == f"{name} ({handler.source})"
    assert handler.source is not None
    assert handler.source.file == __file__


def test_a_handler_without_source_is_named_alone() -> None:
    """A function written in C has no line."""
    assert str(examine(abs)) == "abs"


@pytest.mark.parametrize("decorate", [plainly, asynchronously])
def test_what_a_decorator_made_is_found(decorate: Any) -> None:
    """It is what is called, whatever the framework has put around it."""
    decorated = decorate(native)
    assert find_decorator(examine(decorated)) is decorated


@pytest.mark.parametrize("target", [native, plain, Holder().method, nameless(native), functools.partial(native)])
def test_what_is_not_decorated_has_no_decorator(target: Any) -> None:
    """A partial function is none, and a decorator without `functools.wraps` hides that it is one."""
    assert find_decorator(examine(target)) is None


def test_the_function_inside_is_found_through_every_layer() -> None:
    """Partial functions, decorators and callable objects are looked through."""
    assert find_function(functools.partial(plainly(asynchronously(native)))) is native


# --- views ---


class View:
    async def get(self, request: Any) -> None: ...

    @staticmethod
    async def post(request: Any) -> None: ...


def test_a_function_is_one_handler() -> None:
    """A function answers whatever method its route names."""
    assert list(examine_all(native)) == [None]


def test_each_method_of_a_view_class_is_a_handler() -> None:
    """The handlers of a view class take the request, without the instance."""
    handlers = examine_all(View)
    assert {method: (handler.view, len(handler.parameters)) for method, handler in handlers.items()} == {
        "GET": (View, 1),
        "POST": (None, 1),
    }


def test_each_method_of_an_instance_is_a_handler() -> None:
    """The handlers of an instance are bound to it."""
    view = View()
    handlers = examine_all(view)
    assert (handlers["GET"].function, handlers["GET"].view) == (view.get, None)
