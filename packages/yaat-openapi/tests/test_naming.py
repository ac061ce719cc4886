"""The names of operations."""

from collections.abc import Callable
from typing import Any

import pytest

from yaat import Router, Yaat
from yaat.exceptions import ConfigurationError
from yaat.plugins import PluginErrors

App = Callable[..., Yaat]
Read = Callable[[Yaat], Any]


async def index(request: Any) -> None:
    pass


def read_names(document: Any) -> list[str]:
    """Return the names of all operations in the order of the document."""
    return [operation["operationId"] for item in document["paths"].values() for operation in item.values()]


def test_operation_is_called_like_its_route(make_app: App, read_document: Read) -> None:
    """The name of a mounted route has that of the mount before it, in a form that programs can use."""
    app, router = make_app(), Router()
    router.add_route("/", index)
    app.mount("/blog", router, name="my-blog")
    assert read_names(read_document(app)) == ["my_blog_index"]


def test_method_joins_the_name_where_a_route_has_several(make_app: App, read_document: Read) -> None:
    """A function for two methods, or a view class, has an operation for each."""
    app = make_app()

    class Books:
        async def get(self, request: Any) -> None:
            pass

        async def post(self, request: Any) -> None:
            pass

    app.add_route("/books", Books)
    app.add_route("/index", index, methods=["PUT", "DELETE"], operation_id="change")
    assert read_names(read_document(app)) == ["Books_get", "Books_post", "change_put", "change_delete"]


def test_number_comes_behind_a_name_that_is_taken(make_app: App, read_document: Read) -> None:
    """Handlers of one name are told apart by their order; what somebody chose is left alone."""
    app = make_app()
    app.add_route("/a", index)
    app.add_route("/b", index)
    app.add_route("/c", index, operation_id="index_2")
    assert read_names(read_document(app)) == ["index", "index_3", "index_2"]


def test_two_routes_that_say_one_name_stop_the_build(make_app: App) -> None:
    """A name that somebody chose is not changed in silence; the message shows both lines."""
    app = make_app()
    app.add_route("/a", index, operation_id="same")
    app.add_route("/b", index, operation_id="same")
    with pytest.raises((ConfigurationError, PluginErrors)) as caught:
        app.build()
    message = str(getattr(caught.value, "exceptions", [caught.value])[0])
    assert "Two routes have operation_id='same': /a added at " in message
    assert message.count("test_naming.py:") == 2


def test_name_that_comes_twice_after_all_stops_the_build(make_app: App) -> None:
    """A docstring, or what is merged in, may choose a name too; the message shows both operations."""
    app = make_app()
    app.add_route("/a", index)
    app.add_route("/b", index, openapi={"operationId": "index"})
    with pytest.raises((ConfigurationError, PluginErrors)) as caught:
        app.build()
    message = str(getattr(caught.value, "exceptions", [caught.value])[0])
    assert "GET /a and GET /b both have operationId 'index'" in message
