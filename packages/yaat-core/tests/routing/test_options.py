"""Options of apps, routers and routes: a mistake in one is told where it is made."""

from collections.abc import Callable
from typing import Any

import pytest

from yaat import Request, Router, Yaat
from yaat.exceptions import ConfigurationError, RouteError


async def index(request: Request) -> str:
    return ""


class Around:
    """Middleware."""

    def process_request(self, request: Request) -> None: ...


def add_route(**options: Any) -> None:
    Yaat(autoload=False).add_route("/", index, **options)


NUMBERS = [
    ("max_body_bytes", "a number of bytes from 0 up", (Yaat, Router, add_route)),
    ("max_threads", "a number of threads from 1 up", (Yaat,)),
    ("background_grace_seconds", "a number of seconds from 0 up", (Yaat,)),
]


@pytest.mark.parametrize(
    ("option", "words", "take"), [(option, words, take) for option, words, takers in NUMBERS for take in takers]
)
@pytest.mark.parametrize("value", ["1", -1, True, float("nan"), [1], b"1"], ids=repr)
def test_what_is_no_number_is_refused(option: str, words: str, take: Callable[..., Any], value: Any) -> None:
    """With the unit, and what it was."""
    with pytest.raises(ConfigurationError) as caught:
        take(**{option: value})
    assert str(caught.value).startswith(f"{option} is {words}, not {value!r}.")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"debug": "false"}, "debug= is True or False, not 'false'."),
        ({"debug": 1}, "debug= is True or False, not 1."),
        ({"autoload": "no"}, "autoload= is True or False, not 'no'."),
        ({"trailing_slash": "both"}, "trailing_slash= is 'strict' or 'match' or 'redirect', not 'both'."),
        ({"trailing_slash": True}, "trailing_slash= is 'strict' or 'match' or 'redirect', not True."),
        ({"max_body_bytes": 1.5}, "max_body_bytes is a number of bytes from 0 up, not 1.5."),
        ({"max_body_bytes": None}, "max_body_bytes is a number of bytes from 0 up, not None."),
        ({"max_threads": 0}, "max_threads is a number of threads from 1 up, not 0."),
        ({"on_startup": index}, "on_startup= takes a list such as [index], not index."),
        ({"on_shutdown": "index"}, "on_shutdown= takes a list such as ['index'], not 'index'."),
        ({"on_startup": [5]}, "on_startup= takes functions, not 5."),
        ({"on_background_error": 5}, "on_background_error= takes a function, not 5."),
        ({"converters": 5}, "converters= takes a list such as [5], not 5."),
        (
            {"exception_handlers": [index]},
            "exception_handlers= takes a mapping such as {404: show_missing}, not [<func",
        ),
    ],
)
def test_what_an_app_cannot_be_told_is_refused(options: dict[str, Any], message: str) -> None:
    """Such a slip would show at a request, at the shutdown, or never."""
    with pytest.raises(ConfigurationError) as caught:
        Yaat(**options)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("take", [Yaat, Router, add_route])
def test_middleware_is_a_list(take: Callable[..., Any]) -> None:
    """One alone is a common slip."""
    with pytest.raises(ConfigurationError, match=r"^middleware= takes a list such as \[Around\], not Around\.$"):
        take(middleware=Around)


def test_a_number_of_seconds_may_have_a_fraction() -> None:
    """So may other real numbers be large, or nothing."""
    for seconds in (0, 0.5, float("inf")):
        Yaat(autoload=False, background_grace_seconds=seconds, max_body_bytes=0, max_threads=1)


@pytest.mark.parametrize(
    ("take", "options", "message"),
    [
        (add_route, {"name": 5}, r"name is a text for url_for, not 5\.\nIt was added at .*test_options\.py"),
        (add_route, {"host": 5}, r"A host is a str such as 'api\.example\.com', not 5\.\nIt was added at"),
        (Router, {"host": b"x"}, r"A host is a str such as 'api\.example\.com', not b'x'\."),
    ],
)
def test_what_is_no_text_is_refused(take: Callable[..., Any], options: dict[str, Any], message: str) -> None:
    """Names and hosts are texts."""
    with pytest.raises(RouteError, match=message):
        take(**options)


@pytest.mark.parametrize(
    ("option", "advice"),
    [
        (
            "dependencies",
            r"Let the handler take them: user: Annotated\[User, Use\(find_user\)\]\. Or write middleware=",
        ),
        ("response_model", r"Annotate what the handler returns: -> Model\."),
        ("include_in_schema", r"Write has_schema=False\."),
        ("response_class", r"Return a response of that class\."),
        ("openapi_extra", r"Write openapi={…}\."),
        ("method", r"Did you mean 'methods'\?"),
    ],
)
def test_options_from_elsewhere_are_no_metadata(option: str, advice: str) -> None:
    """Nobody would read them: a route that is guarded elsewhere would be open."""
    with pytest.raises(RouteError, match=rf"Unknown option '{option}' of the route '/' at .*:\d+\. {advice}"):
        add_route(**{option: []})
