"""Binding: how a handler gets the request and the path parameters."""

import asyncio
import functools
import re
import threading
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from typing import Annotated, Any

import pytest

from yaat import Request, Yaat
from yaat.arguments import Site
from yaat.binding import bind, find_annotated_converters
from yaat.exceptions import HandlerError
from yaat.handler import examine
from yaat.responses import StreamResponse
from yaat.state import State
from yaat.threads import ThreadLimiter

from .asgi_driver import ask, make_scope

THREADS = ThreadLimiter("tests", max_threads=1)
WHERE = "The route /x was added at a.py:1 by the app."


class MyRequest(Request[State]): ...


def make_site(*names: str, **options: Any) -> Site:
    """Return the site of a handler on a route whose path parameters are called *names*."""
    return Site(threads=THREADS, where=WHERE, converters=dict.fromkeys(names), **options)


def respond(function: Callable[..., Any], *names: str, values: dict[str, Any] | None = None) -> Any:
    """Return what *function* gives for a request whose path parameters have their names as values."""
    scope = make_scope("GET", "/", path_params=values or {name: name for name in names})
    awaitable: Any = bind(examine(function), make_site(*names))(Request(scope))
    return asyncio.run(awaitable)


# --- what is given ---


async def takes_request(request):  # type: ignore[no-untyped-def]
    return type(request).__name__


async def takes_other_name(req):  # type: ignore[no-untyped-def]
    return type(req).__name__


async def takes_anything(req: Any) -> str:
    return type(req).__name__


async def takes_annotated(id: str, incoming: Request) -> str:
    return f"{id} {type(incoming).__name__}"


async def takes_generic(id: str, *, incoming: Request[State]) -> str:
    return f"{id} {type(incoming).__name__}"


async def takes_subclass(incoming: MyRequest) -> str:
    return type(incoming).__name__


async def takes_last(id: str, request: Any) -> str:
    return f"{id} {type(request).__name__}"


async def takes_keyword(*, request: Any) -> str:
    return type(request).__name__


async def takes_default(request: Any, page: int = 1) -> str:
    return f"{type(request).__name__} {page}"


async def takes_arguments(*args: Any, **kwargs: Any) -> str:
    return " ".join([type(args[0]).__name__, *kwargs])


async def takes_arguments_and_request(*args: Any, request: Any) -> str:
    return " ".join([*args, type(request).__name__])


@pytest.mark.parametrize(
    ("function", "names", "answer"),
    [
        (takes_request, [], "Request"),
        (takes_other_name, [], "Request"),
        (takes_anything, [], "Request"),
        (takes_annotated, ["id"], "id Request"),
        (takes_generic, ["id"], "id Request"),
        (takes_subclass, [], "Request"),
        (takes_last, ["id"], "id Request"),
        (takes_keyword, [], "Request"),
        (takes_default, [], "Request 1"),
        (takes_arguments, ["a", "b"], "Request a b"),
        (takes_arguments_and_request, [], "Request"),
    ],
)
def test_the_request_is_given_to_whoever_takes_it(function: Any, names: list[str], answer: str) -> None:
    """It goes to what is annotated as a request, is called so, or comes first without saying anything else."""
    assert respond(function, *names) == answer


async def takes_nothing() -> str:
    return "nothing"


async def takes_one(a: str) -> str:
    return a


async def takes_one_of_two(a: str, b: str = "default") -> str:
    return a + b


async def takes_two(request: Any, b: str, a: str) -> str:
    return f"{a} {b}"


async def takes_three(request: Any, a: str, b: str, c: str) -> str:
    return f"{a} {b} {c}"


async def takes_by_keyword(request: Any, *, a: str) -> str:
    return a


async def takes_between(request: Any, page: int = 1, a: str = "default") -> str:
    return f"{page} {a}"


async def takes_first_with_type(a: int) -> str:
    return f"{a}"


async def takes_all(request: Any, a: str, **path_params: str) -> str:
    return f"{a} {path_params}"


async def takes_all_alone(**path_params: str) -> str:
    return str(path_params)


async def takes_untyped(**path_params):  # type: ignore[no-untyped-def]  # that is the point
    return str(path_params)


async def takes_untyped_default(page=1):  # type: ignore[no-untyped-def]  # that is the point
    return str(page)


async def takes_request_as_parameter(request: Any) -> str:
    return f"{request}"


@pytest.mark.parametrize(
    ("function", "names", "answer"),
    [
        (takes_nothing, [], "nothing"),
        (takes_one, ["a"], "a"),
        (takes_one_of_two, ["a"], "adefault"),
        (takes_one_of_two, ["b", "a"], "ab"),
        (takes_two, ["a", "b"], "a b"),
        (takes_three, ["c", "a", "b"], "a b c"),
        (takes_by_keyword, ["a"], "a"),
        (takes_between, ["a"], "1 a"),
        (takes_first_with_type, ["a"], "a"),
        (takes_all, ["a", "b", "c"], "a {'b': 'b', 'c': 'c'}"),
        (takes_all_alone, ["a", "b"], "{'a': 'a', 'b': 'b'}"),
        (takes_untyped, ["a"], "{'a': 'a'}"),
        (takes_untyped_default, [], "1"),
        (takes_request_as_parameter, ["request"], "request"),
    ],
)
def test_path_parameters_are_given_by_name(function: Any, names: list[str], answer: str) -> None:
    """Each path parameter goes to the parameter of its name, whatever the order, and all the others to `**kwargs`."""
    assert respond(function, *names) == answer


def test_parameters_that_nobody_asked_for_are_not_given() -> None:
    """What a mount further out put among the path parameters is left there."""
    assert respond(takes_one, "a", values={"a": "a"}) == "a"
    assert respond(takes_one_of_two, "a", values={"a": "a", "tenant": "t"}) == "adefault"


def test_a_decorator_may_take_by_keyword_alone() -> None:
    """A decorator tells what the function inside takes; its own parameters need only take the same names."""

    @functools.wraps(takes_two)
    async def wrapper(request: Any, **kwargs: Any) -> Any:
        return await takes_two(request, **kwargs)

    assert respond(wrapper, "a", "b") == "a b"


def test_a_handler_that_takes_the_request_alone_is_called_as_it_is() -> None:
    """Such a handler costs nothing: there is no call around it."""
    assert bind(examine(takes_request), make_site()) is takes_request


# --- what cannot be ---


def decorate_with_request(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate as those do who need the request, and pass it on."""

    @functools.wraps(function)
    async def wrapper(request: Any, *args: Any, **kwargs: Any) -> Any:
        return await function(request, *args, **kwargs)

    return wrapper


def decorate_plainly_with_request(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate in the same way with a plain function."""

    @functools.wraps(function)
    def wrapper(request: Any, **kwargs: Any) -> Any:
        return function(request, **kwargs)

    return wrapper


async def takes_path_alone(id: str) -> str:
    return id


@pytest.mark.parametrize("decorate", [decorate_with_request, decorate_plainly_with_request])
def test_a_decorator_that_takes_what_the_function_inside_does_not_is_refused(decorate: Any) -> None:
    """It would fail at each request: it is given what the function inside takes, and nothing else."""
    with pytest.raises(HandlerError) as caught:
        bind(examine(decorate(takes_path_alone)), make_site("id"))
    message = str(caught.value)
    assert re.search(
        r"takes_path_alone \(.*\) is called through its decorator \(.*test_binding\.py:\d+\), which", message
    )
    assert "cannot be called with what the handler takes: missing a required argument: 'request'.\n" + WHERE in message
    assert "Let that take what the decorator needs too" in message


def test_a_decorator_that_takes_too_little_is_refused() -> None:
    """One that takes the request alone cannot be given the path."""

    @functools.wraps(takes_path_alone)
    async def wrapper(request: Any) -> Any: ...

    with pytest.raises(HandlerError, match="which cannot be called with what the handler takes"):
        bind(examine(wrapper), make_site("id"))


def decorate_method(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a method of a view as those do who need the request."""

    @functools.wraps(function)
    async def wrapper(self: Any, request: Any, **kwargs: Any) -> Any:
        return await function(self, request, **kwargs)

    return wrapper


class View:
    @decorate_method
    async def get(self, request: Any, id: str) -> str:
        return id

    @decorate_method
    async def put(self, id: str) -> str:
        return id


def test_a_decorator_of_a_method_takes_the_instance_too() -> None:
    """What a decorator makes of a method of a view is called with the instance first."""
    respond = bind(examine(View.get, view=View), make_site("id"))
    assert asyncio.run(respond(Request(make_scope("GET", "/", path_params={"id": "5"})))) == "5"  # type: ignore[arg-type]
    with pytest.raises(HandlerError, match="missing a required argument: 'request'"):
        bind(examine(View.put, view=View), make_site("id"))


def test_a_decorator_that_does_not_tell_what_it_takes_is_believed() -> None:
    """One written in C need not have a signature."""
    assert respond(functools.lru_cache(lambda request: type(request).__name__)) == "Request"


async def wants_item(request: Any, item_id: str) -> None: ...


async def wants_keyword(request: Any, *, colour: str) -> None: ...


async def wants_typed(size: int) -> None: ...


async def wants_by_position(request: Any, id: str, /) -> None: ...


async def wants_nothing(request: Any) -> None: ...


async def wants_rest(request: Any, *rest: Any) -> None: ...


@pytest.mark.parametrize(
    ("function", "names", "message"),
    [
        (
            wants_item,
            ["item_ids"],
            r"wants_item \(.*:\d+\) takes 'item_id', which nothing gives\..*gives: item_ids\. Did you mean 'item_ids'",
        ),
        (
            wants_keyword,
            [],
            r"takes 'colour', .* The path has no parameters\. Put \{colour\} into the path, or give it",
        ),
        (wants_typed, ["x"], r"takes 'size', which nothing gives\..* The path gives: x\. Put \{size\}"),
        (wants_by_position, ["id"], r"takes 'id' by position\..* The path gives: id\. Names are needed: drop the '/'"),
        (
            wants_nothing,
            ["id"],
            r"path gives 'id', but the handler wants_nothing .* does not take it\..* Add a parameter 'id'",
        ),
        (wants_rest, ["rest"], r"path gives 'rest', but the handler wants_rest .* does not take it"),
        (wants_typed, ["size", "siz"], r"path gives 'siz', .* Did you mean 'siz' where it takes 'size'\?"),
    ],
)
def test_a_handler_that_does_not_fit_is_refused(function: Any, names: list[str], message: str) -> None:
    """What nobody gives and what nobody takes stop the build, with the handler, the route and a guess."""
    with pytest.raises(HandlerError) as caught:
        bind(examine(function), make_site(*names))
    text = str(caught.value)
    assert WHERE in text
    with pytest.raises(HandlerError, match=message):
        raise HandlerError(text.replace("\n", " "))


def test_a_handler_that_does_not_fit_stops_the_build_with_the_line_of_its_route() -> None:
    """The message names the route and the line that added it."""
    app = Yaat(autoload=False)
    app.get("/items/{id}")(wants_item)
    with pytest.raises(
        HandlerError, match=r"(?s)The route /items/\{id\} was added at .*test_binding\.py:\d+ by the app"
    ):
        app.build()


# --- annotations ---


def test_annotations_choose_converters() -> None:
    """An annotation that is the type of a converter chooses it, whatever it is annotated with; others say nothing."""

    async def handler(
        a: int, b: float, c: "int", *, d: list[int], e: Annotated[int, ""], f: Any, g: int | None
    ) -> None: ...

    assert find_annotated_converters(examine(handler), {int: "int", float: "float"}) == {
        "a": "int",
        "b": "float",
        "c": "int",
        "e": "int",
    }


def test_path_parameters_are_converted_by_annotation() -> None:
    """A parameter is converted by the annotation of the handler, unless the path names a converter."""
    app = Yaat(autoload=False)

    @app.get("/{a}/{b:float}/{c}")
    async def handler(request: Any, a: int, b: int, c: Any) -> str:
        return repr((a, b, c))

    assert [ask(app, "GET", path).text for path in ("/1/2/3",)] == ["(1, 2.0, '3')"]
    assert ask(app, "GET", "/x/2/3").status == 404


def test_parameters_of_the_host_are_given_by_name_too() -> None:
    """Parameters of a host template are path parameters to the handler."""
    app = Yaat(autoload=False)

    @app.get("/{id}", host="{tenant}.example.com")
    async def handler(tenant: str, id: int) -> str:
        return f"{tenant} {id}"

    assert ask(app, "GET", "/5", headers=[("Host", "ACME.example.com:8000")]).text == "acme 5"


# --- threads ---

USER: ContextVar[str] = ContextVar("user")


def test_a_plain_handler_runs_in_a_thread() -> None:
    """A plain function does not hold up the event loop: it runs in a thread of the app, with its arguments."""
    app = Yaat(autoload=False)

    @app.get("/{id}")
    def handler(request: Any, id: int) -> str:
        return f"{threading.current_thread().name} {id}"

    name, id = ask(app, "GET", "/5").text.split()
    assert (name.startswith("yaat-handlers"), id) == (True, "5")


def test_a_plain_handler_sees_context_variables() -> None:
    """Context variables that middleware sets are seen in the thread."""
    app = Yaat(autoload=False)

    def identify(request: Any) -> Any:
        USER.set("anna")
        yield

    app.add_middleware(identify)

    @app.get("/")
    def handler() -> str:
        return USER.get()

    assert ask(app, "GET", "/").text == "anna"


def test_a_plain_method_of_a_view_runs_in_a_thread() -> None:
    """The methods of views are called like functions, on an instance of their own."""

    class View:
        def __init__(self) -> None:
            self.greeting = "hello"

        def get(self, request: Any, id: int) -> str:
            return f"{self.greeting} {id} {threading.current_thread() is threading.main_thread()}"

    app = Yaat(autoload=False)
    app.add_route("/{id}", View)
    assert ask(app, "GET", "/5").text == "hello 5 False"


def test_a_plain_handler_may_raise() -> None:
    """What a plain handler raises is answered like what a coroutine raises."""
    app = Yaat(autoload=False)

    @app.get("/")
    def handler(request: Any) -> str:
        raise LookupError("gone")

    @app.exception_handler(LookupError)
    async def answer(request: Any, error: Exception) -> tuple[str, int]:
        return str(error), 410

    assert (ask(app, "GET", "/").status, ask(app, "GET", "/").text) == (410, "gone")


def test_a_handler_may_stream() -> None:
    """A handler may return a response that goes on after it."""
    app = Yaat(autoload=False)

    async def count() -> AsyncIterator[str]:
        yield "1"
        yield "2"

    @app.get("/")
    def handler() -> StreamResponse:
        return StreamResponse(count())

    assert ask(app, "GET", "/").text == "12"
