"""What templates can use besides what handlers give."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from yaat import Request
from yaat.exceptions import ConfigurationError
from yaat_templates.context import ContextMaker

REQUEST: Request[Any] = Request({"type": "http", "method": "GET", "path": "/", "headers": []})


def test_handler_wins_over_processors_and_they_over_values() -> None:
    """The nearer a value is given to the page, the more it counts."""
    maker = ContextMaker({"a": 1, "b": 1, "c": 1}, [lambda request: {"b": 2, "c": 2}])
    context = maker.make({"c": 3}, REQUEST)
    assert (context["a"], context["b"], context["c"]) == (1, 2, 3)


def test_every_page_has_the_request_and_url_for() -> None:
    """Both are there without anybody giving them."""
    context = ContextMaker({}).make({}, REQUEST)
    assert context["request"] is REQUEST
    assert context["url_for"] == REQUEST.url_for


def test_context_of_the_handler_is_left_alone() -> None:
    """A mapping that is used for several pages does not collect what templates are given."""
    own = {"x": 1}
    ContextMaker({"y": 2}).make(own, REQUEST)
    assert own == {"x": 1}


def test_outside_of_a_request_there_is_no_request_and_no_processor_runs() -> None:
    """A mail has the values, and `request` is `None`, so that a template can ask."""

    def fail(request: Any) -> Mapping[str, Any]:
        raise AssertionError

    context = ContextMaker({"a": 1}, [fail], url_for=str).make({}, None)
    assert context == {"a": 1, "request": None, "url_for": str}


def test_asynchronous_processors_are_awaited_in_their_order() -> None:
    """Both kinds can be mixed; the last one that gives a name wins."""

    async def late(request: Any) -> Mapping[str, Any]:
        return {"a": 2, "b": 2}

    class Later:
        async def __call__(self, request: Any) -> Mapping[str, Any]:
            return {"b": 3}

    maker = ContextMaker({}, [lambda request: {"a": 1}, late, Later()])
    context = asyncio.run(maker.make_async({}, REQUEST))
    assert (context["a"], context["b"]) == (2, 3)


@pytest.mark.parametrize("is_async", [False, True])
def test_processor_that_is_asynchronous_shows(is_async: bool) -> None:
    """Who makes a context can tell whether it must be awaited."""

    async def late(request: Any) -> Mapping[str, Any]:
        return {}

    assert ContextMaker({}, [late] if is_async else [lambda request: {}]).is_async is is_async


def test_processor_that_gives_no_mapping_is_named() -> None:
    """A processor without `return` is a mistake that says where it is."""

    def forget(request: Any) -> Any:
        return None

    with pytest.raises(TypeError, match=r"processor .*forget gave None. Return a mapping"):
        ContextMaker({}, [forget]).make({}, REQUEST)


@pytest.mark.parametrize("name", ["request", "url_for"])
def test_value_cannot_take_a_name_that_every_page_has(name: str) -> None:
    """A value that would be hidden in every page is refused."""
    with pytest.raises(ConfigurationError, match=f"Templates have '{name}' by themselves"):
        ContextMaker({name: 1})
