"""Fetch standard, "CORS check" and "CORS protocol and credentials": who may read an answer, as a browser decides."""

from collections.abc import Callable
from typing import Any

import pytest

from yaat import Yaat
from yaat_cors import CORS, CORSPlugin

from .browser import list_readable, passes_cors_check

ORIGIN = "https://app.example"
Fetch = Callable[..., Any]
MakeApp = Callable[..., Yaat]


PLAIN = {"allow_origins": [ORIGIN]}
CREDENTIALED = {"allow_origins": [ORIGIN], "allow_credentials": True}


@pytest.mark.parametrize(
    ("options", "origin", "readable"),
    [
        (PLAIN, ORIGIN, {"plain"}),
        (PLAIN, "https://evil.example", set()),
        (PLAIN, "http://app.example", set()),
        (PLAIN, "https://app.example:8443", set()),
        (PLAIN, "null", set()),
        ({"allow_origins": ["null"]}, "null", {"plain"}),
        ({"allow_origins": ["*"]}, "https://any.example", {"plain"}),
        ({"allow_origins": ["*"]}, "null", {"plain"}),
        (CREDENTIALED, ORIGIN, {"plain", "with credentials"}),
        (CREDENTIALED, "https://evil.example", set()),
        ({"allow_origin_regex": r"https://[a-z]+\.example"}, ORIGIN, {"plain"}),
        ({}, ORIGIN, set()),
    ],
)
@pytest.mark.parametrize("path", ["/", "/broken", "/unknown"])
def test_page_reads_what_the_policy_lets_it_read(
    make_app: MakeApp, fetch: Fetch, options: dict[str, Any], origin: str, readable: set[str], path: str
) -> None:
    """With and without credentials, and whatever the status is, 404 and 500 included."""
    answer = fetch(make_app(CORSPlugin(**options)), path, origin=origin)
    assert passes_cors_check(answer, origin, with_credentials=False) is ("plain" in readable)
    assert passes_cors_check(answer, origin, with_credentials=True) is ("with credentials" in readable)


def test_exposed_headers_can_be_read(make_app: MakeApp, fetch: Fetch) -> None:
    """ "CORS-exposed header-name list": those of the policy join the safelisted ones."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN], expose_headers=["Allow"], allow_credentials=True))
    readable = list_readable(fetch(app, method="DELETE", origin=ORIGIN), with_credentials=True)
    assert readable == {"allow", "content-type", "content-length"}


def test_all_headers_can_be_exposed_without_credentials(make_app: MakeApp, fetch: Fetch) -> None:
    """ "CORS-exposed header-name list": `*` means all where there are no credentials."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN], expose_headers=["*"]))
    assert "allow" in list_readable(fetch(app, method="DELETE", origin=ORIGIN), with_credentials=False)


def test_request_is_served_whatever_the_origin(make_app: MakeApp, fetch: Fetch) -> None:
    """ "CORS protocol": the server says who may read; that others may not is for the browser to see to."""
    answer = fetch(make_app(CORSPlugin(allow_origins=[ORIGIN])), origin="https://evil.example")
    assert (answer.status, answer.text, answer.grants) == (200, "index", {})


def test_allow_origin_comes_once(make_app: MakeApp, fetch: Fetch) -> None:
    """ "CORS check": two values are one that matches no origin."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN]), middleware=[CORS(allow_origins=[ORIGIN])])
    assert fetch(app, origin=ORIGIN).get_all("access-control-allow-origin") == [ORIGIN]
