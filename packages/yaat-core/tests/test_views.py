"""Class-based views: one method for each HTTP method, checked when the app is built."""

import inspect
from typing import Any

import pytest

from yaat import Request, Yaat
from yaat.exceptions import HandlerError
from yaat.views import METHODS, find_view_methods

from .asgi_driver import ask


class Books:
    """A view with state of its own for each request."""

    def __init__(self) -> None:
        self.seen = 0

    async def get(self, request: Request) -> str:
        self.seen += 1
        return f"get {self.seen}"

    def post(self, request: Request) -> str:
        self.seen += 1
        return f"post {self.seen}"

    async def put(self, request: Request, id: int) -> str:
        return f"put {id!r}"


class Page:
    """A view that needs an argument."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.seen = 0

    async def get(self, request: Request) -> str:
        self.seen += 1
        return f"{self.title} {self.seen}"


def make_app(view: Any, path: str = "/", **options: Any) -> Yaat:
    app = Yaat(autoload=False)
    app.add_route(path, view, **options)
    return app


class TestFindViewMethods:
    """What a view has."""

    def test_methods_are_named_like_http_methods(self) -> None:
        """The lower-case names of HTTP methods are the handlers; other attributes are not."""

        class View:
            options = "not a method"

            def get(self) -> None: ...

            def helper(self) -> None: ...

            def query(self) -> None: ...

        assert dict(find_view_methods(View)) == {"GET": View.get, "QUERY": View.query}

    @pytest.mark.parametrize("method", METHODS)
    def test_every_method_may_be_there(self, method: str) -> None:
        """A view may have any of the standard methods."""
        view = type("View", (), {method.lower(): lambda self: None})
        assert list(find_view_methods(view)) == [method]

    def test_inherited_methods_count(self) -> None:
        """A view may inherit methods."""

        class Child(Books):
            async def delete(self, request: Request) -> None: ...

        assert list(find_view_methods(Child)) == ["DELETE", "GET", "POST", "PUT"]

    @pytest.mark.parametrize("view", [type("View", (), {"GET": lambda self: None}), object(), 5], ids=type)
    def test_a_view_without_methods_is_refused(self, view: Any) -> None:
        """A view without any is a mistake; the message lists the names."""
        with pytest.raises(HandlerError, match="has no method named like an HTTP method, in lower case: delete, get,"):
            find_view_methods(view)

    @pytest.mark.parametrize("target", ["index", 5, object()], ids=type)
    def test_what_is_no_class_may_have_been_meant_for_a_function(self, target: Any) -> None:
        """A text or another object in the place of a handler is told to be no function either."""
        with pytest.raises(HandlerError, match=r"^.* is no function, and as a view it has no method named"):
            find_view_methods(target)

    def test_a_handler_that_was_called_is_told(self) -> None:
        """A coroutine is what calling the handler gives; nobody is warned besides that it was not awaited."""

        async def index() -> None: ...

        coroutine = index()
        with pytest.raises(HandlerError, match=r"not <coroutine .*index.*>\. Give the function itself, without"):
            find_view_methods(coroutine)
        assert inspect.getcoroutinestate(coroutine) == inspect.CORO_CLOSED

    def test_a_class_that_needs_arguments_is_refused(self) -> None:
        """A class is made anew for each request, so it must need nothing; the message says to give an instance."""
        with pytest.raises(HandlerError, match=r"Page cannot be made without arguments.*add_route\(path, Page\(…\)\)"):
            find_view_methods(Page)

    def test_a_class_without_a_signature_passes(self) -> None:
        """A class that inherits a constructor written in C tells no signature; it is believed to need nothing."""

        class View(dict[str, str]):
            def post(self, request: Request) -> None: ...

        assert "POST" in find_view_methods(View)


def test_each_method_answers_its_requests() -> None:
    """A request goes to the method of its name, plain or asynchronous."""
    app = make_app(Books, "/{id}", methods=["PUT"])
    app.add_route("/", Books, methods=["GET", "POST"])
    answers = [ask(app, *request).text for request in (("GET", "/"), ("POST", "/"), ("PUT", "/5"))]
    assert answers == ["get 1", "post 1", "put 5"]


def test_a_class_is_made_anew_for_each_request() -> None:
    """What a handler puts on `self` stays with its request."""
    app = make_app(Books, methods=["GET"])
    assert [ask(app, "GET", "/").text for _ in range(2)] == ["get 1", "get 1"]


def test_an_instance_is_shared() -> None:
    """An instance as a view serves all requests."""
    app = make_app(Page("hello"))
    assert [ask(app, "GET", "/").text for _ in range(2)] == ["hello 1", "hello 2"]


def test_a_decorator_takes_a_class() -> None:
    """A class can be decorated like a function."""
    app = Yaat(autoload=False)
    assert app.route("/", methods=["GET"])(Books) is Books
    assert ask(app, "GET", "/").text == "get 1"


def test_methods_that_a_view_lacks_are_not_allowed() -> None:
    """Other methods get a 405 that lists those of the view; HEAD and OPTIONS are answered for it."""
    app = make_app(Page("hello"))
    answers = {method: ask(app, method, "/") for method in ("POST", "HEAD", "OPTIONS")}
    assert {method: answer.status for method, answer in answers.items()} == {"POST": 405, "HEAD": 200, "OPTIONS": 204}
    assert (answers["POST"]["allow"], answers["HEAD"]["content-length"]) == ("GET, HEAD, OPTIONS", "7")


def test_a_view_may_answer_head_and_options_itself() -> None:
    """A view's own `head` and `options` come before the automatic ones."""

    class View:
        async def get(self, request: Request) -> str:
            return "get"

        async def head(self, request: Request) -> str:
            return "longer"

        async def options(self, request: Request) -> str:
            return "own"

    app = make_app(View)
    assert (ask(app, "HEAD", "/")["content-length"], ask(app, "OPTIONS", "/").text) == ("6", "own")


def test_a_method_that_a_route_names_must_be_there() -> None:
    """A route that names a method its view does not have stops the build, with its line."""
    with pytest.raises(
        HandlerError,
        match=r"(?s)Books.* has no method 'delete' for DELETE\..*route / was added at .*test_views.*:\d+ by",
    ):
        make_app(Books, methods=["GET", "DELETE"]).build()


def test_a_view_that_cannot_be_used_is_told_with_its_line() -> None:
    """A mistake in a view stops the build, with the line of the route."""
    with pytest.raises(HandlerError, match=r"(?s)Page cannot be made.*The route / was added at .*test_views.*:\d+ by"):
        make_app(Page).build()


@pytest.mark.parametrize("view", ["class", "instance"])
def test_static_and_class_methods_are_methods_too(view: str) -> None:
    """A handler in a view need not take the instance."""

    class View:
        @staticmethod
        async def get(request: Request) -> str:
            return request.method

        @classmethod
        async def post(cls, request: Request) -> str:
            return f"{cls.__name__} {request.method}"

    app = make_app(View if view == "class" else View())
    assert [ask(app, method, "/").text for method in ("GET", "POST")] == ["GET", "View POST"]
