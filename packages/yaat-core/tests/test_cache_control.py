"""The Cache-Control field of responses."""

from datetime import timedelta
from typing import Any

import pytest

from yaat import Response
from yaat.cache_control import CacheControl, InvalidCacheControl


def test_directives_are_written_in_their_order() -> None:
    """Directives are written with hyphens, in the same order however they were given."""
    assert str(CacheControl(max_age=60, public=True)) == "public, max-age=60"


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"no_store": True}, "no-store"),
        ({"private": True, "max_age": 0}, "private, max-age=0"),
        ({"public": True, "max_age": timedelta(days=365), "immutable": True}, "public, max-age=31536000, immutable"),
        ({"max_age": timedelta(seconds=1.9)}, "max-age=1"),
        ({"s_maxage": 60, "stale_while_revalidate": 30}, "s-maxage=60, stale-while-revalidate=30"),
        ({"max_age": 60, "stale_if_error": 30}, "max-age=60, stale-if-error=30"),
        ({"no_cache": True, "no_transform": True}, "no-cache, no-transform"),
        ({"no_cache": ["Set-Cookie", "x-user"], "max_age": 60}, 'no-cache="set-cookie, x-user", max-age=60'),
        ({"private": ("x-user",), "s_maxage": 60}, 'private="x-user", s-maxage=60'),
        ({"must_revalidate": True, "proxy_revalidate": True}, "must-revalidate, proxy-revalidate"),
        ({"no_store": True, "must_understand": True, "max_age": 60}, "no-store, must-understand, max-age=60"),
        ({"no_store": True, "no_cache": True, "max_age": 0}, "no-store, no-cache, max-age=0"),
        ({"no_store": False, "public": True}, "public"),
        ({"public": True, "private": ["x-user"]}, 'public, private="x-user"'),
    ],
)
def test_directives_are_written(options: dict[str, Any], field: str) -> None:
    """Each directive is written in its form; one that is false or left out is not."""
    assert str(CacheControl(**options)) == field


def test_field_can_be_set() -> None:
    """The text is the value of the header."""
    response = Response()
    response.headers["cache-control"] = str(CacheControl(no_store=True))
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("options", "pair"),
    [
        ({"no_store": True, "max_age": 60}, "no_store and max_age"),
        ({"no_store": True, "s_maxage": 60}, "no_store and s_maxage"),
        ({"no_store": True, "public": True}, "no_store and public"),
        ({"no_store": True, "stale_if_error": 60}, "no_store and stale_if_error"),
        ({"no_cache": True, "max_age": timedelta(1)}, "no_cache and max_age"),
        ({"no_cache": True, "immutable": True}, "no_cache and immutable"),
        ({"must_revalidate": True, "stale_while_revalidate": 1}, "must_revalidate and stale_while_revalidate"),
        ({"public": True, "private": True}, "public and private"),
        ({"private": True, "s_maxage": 60}, "private and s_maxage"),
        ({"private": True, "proxy_revalidate": True}, "private and proxy_revalidate"),
    ],
)
def test_contradictions_are_refused(options: dict[str, Any], pair: str) -> None:
    """Directives that exclude each other are refused, with both names and the reason."""
    with pytest.raises(InvalidCacheControl, match=f"{pair} contradict each other: .*Leave one out"):
        CacheControl(**options)


def test_immutable_needs_a_time() -> None:
    """What is stale at once cannot be immutable while it is fresh."""
    with pytest.raises(InvalidCacheControl, match="immutable is about the time of max_age, which is 0"):
        CacheControl(immutable=True, max_age=0)


def test_field_that_says_nothing_is_refused() -> None:
    """A field without any directive is refused."""
    with pytest.raises(InvalidCacheControl, match="says nothing; name at least one"):
        CacheControl()


@pytest.mark.parametrize("value", [-1, 1.5, "60", True, timedelta(seconds=-1), timedelta(seconds=-0.5)])
def test_time_is_whole_seconds(value: Any) -> None:
    """A time is a whole number of seconds that is not negative."""
    with pytest.raises(InvalidCacheControl, match="max_age is a whole number of seconds from 0 up, or a timedelta"):
        CacheControl(max_age=value)


@pytest.mark.parametrize("value", [1, None, "yes"])
def test_switch_is_true_or_false(value: Any) -> None:
    """A directive without a value is on or off."""
    with pytest.raises(InvalidCacheControl, match="public is True or False, not"):
        CacheControl(public=value)


@pytest.mark.parametrize("value", ["set-cookie", 1, None, []])
def test_names_of_headers_are_a_list(value: Any) -> None:
    """What holds for single headers takes a list of their names, not a single text."""
    with pytest.raises(InvalidCacheControl, match="no_cache is True, False, or a list of header names, not"):
        CacheControl(no_cache=value)


@pytest.mark.parametrize("name", ['a", public, x="', "a b", "a\r\n", 1])
def test_names_of_headers_are_checked(name: Any) -> None:
    """A name that is none cannot get into the field."""
    with pytest.raises(InvalidCacheControl, match="private takes names of headers"):
        CacheControl(private=[name])


def test_equal_directives_are_equal() -> None:
    """It is a value: two with the same directives are equal, and it cannot be changed."""
    assert CacheControl(max_age=60) == CacheControl(max_age=60) != CacheControl(max_age=61)
    with pytest.raises(AttributeError):
        CacheControl(max_age=60).max_age = 61  # type: ignore[misc]  # what is tested
