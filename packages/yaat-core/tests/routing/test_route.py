"""Routes and mounts: frozen records that check themselves where they are made."""

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from yaat.exceptions import RouteError
from yaat.provenance import Owner, Source
from yaat.routing.route import Mount, Route, check_methods, parse_prefix


async def handler(request: Any) -> str:
    return ""


def test_a_route_parses_its_path() -> None:
    """A route has the template of its path."""
    assert str(Route(path="/items/{id:int}", handler=handler).template) == "/items/{id:int}"


@pytest.mark.parametrize(
    ("methods", "names"),
    [
        (["GET"], ("GET",)),
        (["post", "Get", "GET"], ("GET", "POST")),
        (("PROPFIND", "M-SEARCH"), ("M-SEARCH", "PROPFIND")),
        (iter(["put"]), ("PUT",)),
    ],
)
def test_methods_are_sorted_and_in_upper_case(methods: Any, names: tuple[str, ...]) -> None:
    """Methods may be written in lower case and in any order; each is kept once."""
    assert check_methods(methods) == names


@pytest.mark.parametrize(
    ("methods", "message"),
    [
        ("GET", r"methods is a list such as \['GET'\], not the str 'GET'"),
        (print, r"methods is a list such as \['GET'\], not <built-in function print>\. It comes after path and"),
        ([], r"^methods is empty, so nothing could ever match\. Leave it out for GET\.$"),
        (["GET POST"], "'GET POST' is not the name of a method"),
        (["GET\r\n"], r"'GET\\r\\n' is not the name of a method"),
        (["GÉT"], "'GÉT' is not the name of a method"),
        ([""], "'' is not the name of a method"),
        ([None, 1], "'1' is not the name of a method"),
    ],
)
def test_what_is_no_method_is_refused(methods: Any, message: str) -> None:
    """A method is a token (RFC 9110 §9.1), and methods are a list of them."""
    with pytest.raises(RouteError, match=message):
        check_methods(methods)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"path": "items"}, "does not begin with '/'"),
        ({"methods": ()}, "methods is empty"),
        ({"host": "a b"}, "is neither part of a host name nor one parameter"),
        ({"on_disconnect": "stop"}, "on_disconnect is 'finish' or 'cancel', not 'stop'"),
        ({"max_body_bytes": -1}, "max_body_bytes is a number of bytes from 0 up, not -1"),
    ],
)
def test_a_mistake_in_a_route_names_its_line(options: dict[str, Any], message: str) -> None:
    """A message about a route ends with who added it, and where."""
    source = Source("shop/views.py", 12)
    with pytest.raises(RouteError, match=rf"(?s){message}.*\nIt was added at shop/views\.py:12 by the app\.$"):
        Route(**{"path": "/", "handler": handler, "source": source, **options})


def test_a_route_may_take_no_content_at_all() -> None:
    """A limit of no bytes is a limit."""
    assert Route(path="/", handler=handler, max_body_bytes=0).max_body_bytes == 0


def test_a_mistake_in_a_route_without_a_line_names_its_owner() -> None:
    """Routes of plugins may have no line; then the plugin is named alone."""
    with pytest.raises(RouteError, match=r"\nIt was added by plugin 'blog' \(yaat-blog 1\.0\)\.$"):
        Route(path="x", handler=handler, owner=Owner(plugin="blog", distribution="yaat-blog", version="1.0"))


def test_the_host_of_a_route_is_kept_in_lower_case() -> None:
    """Host names have no case."""
    assert Route(path="/", handler=handler, host="API.Example.com").host == "api.example.com"


def test_a_route_does_not_change() -> None:
    """A route is frozen, and so is its metadata, which is a copy of what was given."""
    metadata = {"tags": ["a"]}
    route = Route(path="/", handler=handler, metadata=metadata)
    metadata["tags"] = ["b"]
    with pytest.raises(FrozenInstanceError):
        route.path = "/x"  # type: ignore[misc]  # that is the point
    with pytest.raises(TypeError):
        route.metadata["tags"] = ["c"]  # type: ignore[index]  # that is the point
    assert route.metadata == {"tags": ["a"]}


def test_a_changed_copy_of_a_route_is_parsed_anew() -> None:
    """`dataclasses.replace` gives a route with a new template."""
    assert str(replace(Route(path="/a", handler=handler), path="/b").template) == "/b"


@pytest.mark.parametrize(
    ("path", "prefix"), [("", "/"), ("/", "/"), ("/a", "/a"), ("/a/", "/a"), ("/{t}/", "/{t}"), ("/a/b/", "/a/b")]
)
def test_a_slash_at_the_end_of_a_prefix_adds_nothing(path: str, prefix: str) -> None:
    """`/blog` and `/blog/` are one prefix."""
    assert str(parse_prefix(path)) == prefix == str(Mount(path=path, app=handler).template)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"path": "blog"}, r"'blog' does not begin with '/'\. Write '/blog'"),
        ({"path": "/{rest:path}"}, "holds a path parameter, which would leave nothing to match"),
        ({"path": "/x", "host": "a:80"}, "'a:80' in the host 'a:80'"),
    ],
)
def test_a_mistake_in_a_mount_names_its_line(options: dict[str, Any], message: str) -> None:
    """A message about a mount ends with who added it, and where."""
    with pytest.raises(RouteError, match=rf"(?s){message}.*\nIt was added at app\.py:3 by the app\.$"):
        Mount(**{"app": handler, "source": Source("app.py", 3), **options})


def test_the_host_of_a_mount_is_kept_in_lower_case() -> None:
    """Host names have no case."""
    assert Mount(path="/", app=handler, host="API.Example.com").host == "api.example.com"
