"""Fetch standard, "CORS-preflight fetch": whether a browser goes on, as it decides itself."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yaat import Yaat
from yaat_cors import CORSPlugin

from .browser import passes_preflight

ORIGIN = "https://app.example"
Fetch = Callable[..., Any]
MakeApp = Callable[..., Yaat]


def test_allowed_method_may_come(make_app: MakeApp, fetch: Fetch) -> None:
    """A method that is not safelisted needs the policy's word."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN], allow_methods=["GET", "PUT"]))
    assert passes_preflight(fetch, app, "/", ORIGIN, "PUT")
    assert not passes_preflight(fetch, app, "/", ORIGIN, "DELETE")


def test_methods_are_case_sensitive(make_app: MakeApp, fetch: Fetch) -> None:
    """`patch` is not PATCH, which browsers do not mend."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN], allow_methods=["*"]))
    assert passes_preflight(fetch, app, "/", ORIGIN, "PATCH")
    assert not passes_preflight(fetch, app, "/", ORIGIN, "patch")


def test_safelisted_method_with_other_headers_is_decided_by_the_policy_too(make_app: MakeApp, fetch: Fetch) -> None:
    """A preflight for POST with JSON is refused where POST is not allowed, though it is safelisted."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN]))
    assert not passes_preflight(fetch, app, "/", ORIGIN, "POST", headers=["Content-Type"])


@pytest.mark.parametrize("with_credentials", [True, False])
def test_safelisted_headers_may_always_come(make_app: MakeApp, fetch: Fetch, with_credentials: bool) -> None:
    """JSON content needs no `allow_headers`."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN], allow_methods=["PUT"], allow_credentials=True))
    assert passes_preflight(
        fetch, app, "/", ORIGIN, "PUT", headers=["Content-Type", "Accept"], with_credentials=with_credentials
    )


@pytest.mark.parametrize("with_credentials", [True, False])
def test_all_headers_include_authorization(make_app: MakeApp, fetch: Fetch, with_credentials: bool) -> None:
    """`allow_headers=["*"]` means all, also those that the standard's own `*` leaves out."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN], allow_headers=["*"], allow_credentials=with_credentials))
    assert passes_preflight(
        fetch, app, "/", ORIGIN, "GET", headers=["Authorization", "X-A"], with_credentials=with_credentials
    )


def test_preflight_reaches_no_handler(make_app: MakeApp, fetch: Fetch) -> None:
    """It is answered without content, with a status that says yes."""
    answer = fetch(make_app(CORSPlugin(allow_origins=[ORIGIN])), "/broken", origin=ORIGIN, asks="GET")
    assert (answer.status, answer.text) == (200, "")


def test_remembering_is_limited_by_the_policy(make_app: MakeApp, fetch: Fetch) -> None:
    """ "Access-Control-Max-Age": a number of seconds; 0 asks each time."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN], max_age=0))
    assert fetch(app, origin=ORIGIN, asks="GET").get("access-control-max-age") == "0"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # The fixtures give functions.
@given(
    policy=st.fixed_dictionaries(
        {
            "allow_methods": st.sets(st.sampled_from(["GET", "PUT", "DELETE", "*"])),
            "allow_headers": st.sets(st.sampled_from(["x-a", "x-b", "authorization", "*"])),
            "allow_credentials": st.booleans(),
        }
    ),
    method=st.sampled_from(["PUT", "DELETE", "PATCH"]),
    wanted=st.sets(st.sampled_from(["X-A", "x-b", "Authorization", "Content-Type"])),
    origin=st.sampled_from([ORIGIN, "https://evil.example", "null"]),
)
def test_browser_goes_on_exactly_if_the_policy_allows(
    make_app: MakeApp, fetch: Fetch, policy: dict[str, Any], method: str, wanted: set[str], origin: str
) -> None:
    """The standard's algorithm comes to the conclusion that the options say in words."""
    app = make_app(CORSPlugin(allow_origins=[ORIGIN], **policy))
    names = {name.lower() for name in wanted} - {"content-type"}
    goes_on = passes_preflight(
        fetch, app, "/", origin, method, headers=wanted, with_credentials=policy["allow_credentials"]
    )
    assert goes_on is (
        origin == ORIGIN
        and bool({method, "*"} & policy["allow_methods"])
        and ("*" in policy["allow_headers"] or names <= policy["allow_headers"])
    )
