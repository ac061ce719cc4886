"""RFC 9110 §13: conditional requests."""

from datetime import UTC, datetime, timedelta

import pytest

from yaat.conditional import ETag, evaluate
from yaat.headers import Headers
from yaat.http_date import format_http_date

NOW = datetime(2026, 11, 6, 8, 49, 37, tzinfo=UTC)
SAME = format_http_date(NOW)
OLD = format_http_date(NOW - timedelta(seconds=1))
CURRENT = ETag("current")
WEAK = ETag("current", is_weak=True)


def judge(
    method: str,
    *fields: tuple[str, str],
    etag: ETag | None = CURRENT,
    last_modified: datetime | None = NOW,
    exists: bool = True,
) -> int | None:
    """Return the decision about a request with these headers."""
    headers = Headers([(name.encode(), value.encode()) for name, value in fields])
    return evaluate(method, headers, etag=etag, last_modified=last_modified, exists=exists)


def test_13_1_1_if_match_compares_strongly() -> None:
    """§13.1.1: If-Match uses the strong comparison."""
    assert judge("PUT", ("if-match", '"current"')) is None
    assert judge("PUT", ("if-match", 'W/"current"')) == 412
    assert judge("PUT", ("if-match", '"current"'), etag=WEAK) == 412


def test_13_1_1_if_match_star_needs_a_representation() -> None:
    """§13.1.1: * is true if there is a current representation."""
    assert judge("PUT", ("if-match", "*")) is None
    assert judge("PUT", ("if-match", "*"), exists=False) == 412


def test_13_1_1_if_match_lists_count_whole() -> None:
    """§13.1.1: a list is true if any member matches; repeated lines are one list (§5.3)."""
    assert judge("PUT", ("if-match", '"x", "current"')) is None
    assert judge("PUT", ("if-match", '"x"'), ("if-match", '"current"')) is None
    assert judge("PUT", ("if-match", '"x", "y"')) == 412


def test_13_1_1_if_match_without_any_tag_is_false() -> None:
    """§13.1.1: otherwise, the condition is false: what has no entity tag matches none."""
    assert judge("PUT", ("if-match", '"current"'), etag=None) == 412


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "POST"])
def test_13_1_1_if_match_is_for_any_method(method: str) -> None:
    """§13.1.1: an origin server must not perform any of these methods when the condition is false."""
    assert judge(method, ("if-match", '"x"')) == 412


def test_13_1_2_if_none_match_compares_weakly() -> None:
    """§13.1.2: If-None-Match uses the weak comparison."""
    assert judge("GET", ("if-none-match", 'W/"current"')) == 304
    assert judge("GET", ("if-none-match", '"current"'), etag=WEAK) == 304


def test_13_1_2_if_none_match_star_is_about_existence() -> None:
    """§13.1.2: * is false if there is a current representation, and true if there is none."""
    assert judge("PUT", ("if-none-match", "*"), etag=None, last_modified=None) == 412
    assert judge("PUT", ("if-none-match", "*"), exists=False) is None


@pytest.mark.parametrize(("method", "status"), [("GET", 304), ("HEAD", 304), ("PUT", 412), ("DELETE", 412)])
def test_13_1_2_status_depends_on_the_method(method: str, status: int) -> None:
    """§13.1.2: 304 for GET and HEAD, 412 for all others."""
    assert judge(method, ("if-none-match", '"x", "current"')) == status


def test_13_1_3_if_modified_since_compares_moments() -> None:
    """§13.1.3: false if the last change is earlier than or equal to the date, true otherwise."""
    assert judge("GET", ("if-modified-since", SAME)) == 304
    assert judge("GET", ("if-modified-since", OLD)) is None


def test_13_1_3_parts_of_a_second_are_not_compared() -> None:
    """§13.1.3: the date has no parts of a second, so a version sent with it is not newer than it."""
    assert judge("GET", ("if-modified-since", SAME), last_modified=NOW.replace(microsecond=999_999)) == 304


@pytest.mark.parametrize(
    "fields",
    [
        [("if-modified-since", "yesterday")],
        [("if-modified-since", SAME), ("if-modified-since", SAME)],
        [("if-modified-since", f"{SAME}, {SAME}")],
    ],
)
def test_13_1_3_invalid_dates_are_ignored(fields: list[tuple[str, str]]) -> None:
    """§13.1.3: a field that is no valid date, or has several members, is ignored."""
    assert judge("GET", *fields) is None


def test_13_1_3_other_methods_ignore_the_date() -> None:
    """§13.1.3: a recipient ignores If-Modified-Since unless the method is GET or HEAD."""
    assert judge("HEAD", ("if-modified-since", SAME)) == 304
    assert judge("POST", ("if-modified-since", SAME)) is None


def test_13_1_3_if_none_match_beats_the_date() -> None:
    """§13.1.3: If-Modified-Since is ignored beside If-None-Match."""
    assert judge("GET", ("if-none-match", '"x"'), ("if-modified-since", SAME)) is None


def test_13_1_3_without_a_date_of_change_it_is_ignored() -> None:
    """§13.1.3: If-Modified-Since is ignored when nobody knows when the last change was."""
    assert judge("GET", ("if-modified-since", SAME), last_modified=None) is None


def test_13_1_4_if_unmodified_since_compares_moments() -> None:
    """§13.1.4: true if the last change is earlier than or equal to the date, false otherwise."""
    assert judge("PUT", ("if-unmodified-since", SAME)) is None
    assert judge("PUT", ("if-unmodified-since", OLD)) == 412


@pytest.mark.parametrize(
    "fields",
    [
        [("if-unmodified-since", "yesterday")],
        [("if-unmodified-since", OLD), ("if-unmodified-since", OLD)],
        [("if-match", '"current"'), ("if-unmodified-since", OLD)],
    ],
)
def test_13_1_4_it_is_ignored_when_invalid_or_beside_if_match(fields: list[tuple[str, str]]) -> None:
    """§13.1.4: If-Unmodified-Since is ignored if it is no valid date, and beside If-Match."""
    assert judge("PUT", *fields) is None


def test_13_1_4_without_a_date_of_change_it_is_ignored() -> None:
    """§13.1.4: If-Unmodified-Since is ignored when nobody knows when the last change was."""
    assert judge("PUT", ("if-unmodified-since", OLD), last_modified=None) is None


@pytest.mark.parametrize("method", ["CONNECT", "OPTIONS", "TRACE"])
def test_13_2_1_methods_without_a_representation_have_no_conditions(method: str) -> None:
    """§13.2.1: methods that neither select nor change a representation ignore conditions."""
    assert judge(method, ("if-match", '"x"'), ("if-none-match", "*")) is None


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        # Step 1 goes before step 3.
        ([("if-match", '"x"'), ("if-none-match", '"current"')], 412),
        # Step 1 true leads to step 3.
        ([("if-match", '"current"'), ("if-none-match", '"current"')], 304),
        # Step 2 true leads to step 3.
        ([("if-unmodified-since", SAME), ("if-none-match", '"current"')], 304),
        # Step 2 goes before step 4.
        ([("if-unmodified-since", OLD), ("if-modified-since", SAME)], 412),
        # Step 3 true passes by step 4.
        ([("if-none-match", '"x"'), ("if-modified-since", SAME)], None),
        # Step 1 true leads to step 4 where step 3 does not apply.
        ([("if-match", "*"), ("if-modified-since", SAME)], 304),
    ],
)
def test_13_2_2_precedence(fields: list[tuple[str, str]], status: int | None) -> None:
    """§13.2.2: the order in which conditions are evaluated."""
    assert judge("GET", *fields) == status
