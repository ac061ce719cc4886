"""Policies, as they are written."""

import re
from typing import Any

import pytest

from yaat.exceptions import ConfigurationError
from yaat_cors import Policy
from yaat_cors.policy import STANDARD_METHODS

ORIGIN = "https://app.example"


def test_policies_that_allow_the_same_are_equal() -> None:
    """Lists may be of any kind, and names of headers in any case."""
    assert Policy(allow_origins=[ORIGIN, ORIGIN], allow_headers={"X-A"}) == Policy(
        allow_origins=(ORIGIN,), allow_headers=["x-a"]
    )


def test_head_goes_with_get() -> None:
    """Every GET answers HEAD, so whoever may do the one may do the other."""
    assert Policy(allow_origins=[ORIGIN]).allow_methods == ("GET", "HEAD")
    assert Policy(allow_origins=[ORIGIN], allow_methods=["HEAD", "GET"]).allow_methods == ("HEAD", "GET")
    assert Policy(allow_origins=[ORIGIN], allow_methods=["PUT"]).allow_methods == ("PUT",)


def test_methods_may_be_written_in_lower_case() -> None:
    """As for routes: no method that is in use has lower case."""
    assert Policy(allow_origins=[ORIGIN], allow_methods=["put", "Delete"]).allow_methods == ("PUT", "DELETE")


def test_asterisk_means_all_standard_methods() -> None:
    """What the wildcard allows is listed, so it holds with credentials too."""
    assert Policy(allow_origins=[ORIGIN], allow_methods=["*"]).allow_methods == STANDARD_METHODS


def test_nothing_is_allowed_unless_it_is_said() -> None:
    """A policy without options is empty."""
    assert Policy().is_empty
    assert not Policy(allow_origins=[ORIGIN]).is_empty
    assert not Policy(allow_origin_regex="https://.*").is_empty


@pytest.mark.parametrize(
    "origins",
    [
        {"allow_origins": ["*"]},
        {"allow_origins": [ORIGIN, "*"]},
        {"allow_origins": ["null"]},
        {"allow_origin_regex": ".*"},
        {"allow_origin_regex": "https?://.+"},
        {"allow_origin_regex": r"https://[^/]+"},
        {"allow_origin_regex": re.compile(r"http://[\d.]+")},
    ],
)
def test_any_origin_with_credentials_must_be_said_in_so_many_words(origins: dict[str, Any]) -> None:
    """A wildcard, no origin, or a regex that anybody matches: with credentials an error that shows both ways."""
    with pytest.raises(ConfigurationError) as caught:
        Policy(**origins, allow_credentials=True)
    assert "allow_origins=['https://example.com']" in str(caught.value)
    assert "allow_any_origin_with_credentials=True" in str(caught.value)
    assert Policy(**origins, allow_credentials=True, allow_any_origin_with_credentials=True).is_any_origin


@pytest.mark.parametrize("pattern", [r"https://[a-z]+\.example\.com", r"http://localhost:\d+"])
def test_regex_that_says_who_may_have_credentials(pattern: str) -> None:
    """A regular expression that holds a name is no wildcard."""
    assert not Policy(allow_origin_regex=pattern, allow_credentials=True).is_any_origin


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"allow_origins": ORIGIN}, r"allow_origins takes a list such as \['https://app.example'\]"),
        ({"allow_origins": [443]}, "allow_origins takes a list of str, and 443 is in it"),
        ({"allow_methods": "PUT"}, r"allow_methods takes a list such as \['PUT'\]"),
        ({"allow_methods": ["GET, PUT"]}, "allow_methods has 'GET, PUT', which is not a name"),
        ({"allow_headers": ["X-A\r\nX-B"]}, r"allow_headers has 'x-a\\r\\nx-b', which is not a name"),
        ({"expose_headers": [""]}, "expose_headers has '', which is not a name"),
        ({"max_age": -1}, "max_age is a whole number of seconds from 0 up, not -1"),
        ({"max_age": 1.5}, "not 1.5"),
        ({"max_age": True}, "not True"),
        ({"allow_origin_regex": "("}, r"allow_origin_regex='\(' is not a regular expression"),
        ({"allow_origin_regex": 7}, "allow_origin_regex=7 is not a regular expression"),
        ({"allow_origin_regex": re.compile(b"a")}, "cannot use a bytes pattern on a string-like object"),
        ({"allow_credentials": True, "expose_headers": ["*"]}, "exposes nothing"),
    ],
)
def test_what_cannot_be_meant_is_refused(options: dict[str, Any], message: str) -> None:
    """The message shows the value and what to write."""
    with pytest.raises(ConfigurationError, match=message):
        Policy(**{"allow_origins": [ORIGIN], **options})


@pytest.mark.parametrize(
    "option",
    [
        {"allow_methods": ["PUT"]},
        {"allow_headers": ["x-a"]},
        {"allow_credentials": True},
        {"expose_headers": ["x-a"]},
        {"max_age": 5},
        {"allow_private_network": True},
    ],
)
def test_options_without_an_origin_are_refused(option: dict[str, Any]) -> None:
    """An option that could have no effect names what is missing."""
    with pytest.raises(ConfigurationError, match=f"{next(iter(option))} without allow_origins or allow_origin_regex"):
        Policy(**option)
