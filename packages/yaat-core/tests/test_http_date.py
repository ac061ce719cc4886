"""Dates of HTTP: written in one form, read in three."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.http_date import format_http_date, parse_http_date

PROPERTY = settings(deadline=None)
ZONES = st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23)))
MOMENT = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
TEXT = "Sun, 06 Nov 1994 08:49:37 GMT"


def test_datetime_is_written() -> None:
    """A datetime with a time zone is written as IMF-fixdate."""
    assert format_http_date(MOMENT) == TEXT


def test_other_time_zones_become_gmt() -> None:
    """A datetime of another time zone is written in GMT."""
    assert format_http_date(MOMENT.astimezone(timezone(timedelta(hours=-11)))) == TEXT


@pytest.mark.parametrize("timestamp", [784111777, 784111777.0, 784111777.9])
def test_timestamp_is_written(timestamp: float) -> None:
    """A POSIX timestamp is written; parts of a second are cut off."""
    assert format_http_date(timestamp) == TEXT


def test_datetime_without_time_zone_is_refused() -> None:
    """A datetime without a time zone is refused; the message says how to give it one."""
    with pytest.raises(ValueError, match=r"no time zone.*use datetime.now\(UTC\) or moment.replace"):
        format_http_date(datetime(1994, 11, 6))


@pytest.mark.parametrize(
    "moment",
    [
        float("nan"),
        float("inf"),
        1e18,
        -1e18,
        10**400,
        datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
    ],
)
def test_moment_that_has_no_name_is_refused(moment: datetime | float) -> None:
    """A moment before the year 1 or after 9999 is refused."""
    with pytest.raises(ValueError, match="outside the years 1 to 9999"):
        format_http_date(moment)


@pytest.mark.parametrize("text", [TEXT, "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
def test_three_forms_are_read(text: str) -> None:
    """The present form and both obsolete ones are read."""
    assert parse_http_date(text) == MOMENT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "sun, 06 nov 1994 08:49:37 gmt",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 GMT\n",
        " Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, ٠٦ Nov 1994 08:49:37 GMT",
        "Sun Nov   08:49:37 1994",
        "784111777",
    ],
)
def test_anything_else_is_no_date(text: str) -> None:
    """What is in none of the forms, or on no calendar, gives ``None``."""
    assert parse_http_date(text) is None


def test_name_of_the_day_need_not_fit() -> None:
    """The name of the day is not compared with the date."""
    assert parse_http_date("Mon, 06 Nov 1994 08:49:37 GMT") == MOMENT


def test_leap_second_is_read_as_the_one_before() -> None:
    """A leap second, which datetime cannot name, becomes the second before."""
    assert parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(("digits", "year"), [("94", 1994), ("26", 2026), ("00", 2000), ("76", 2076), ("77", 1977)])
def test_two_digits_name_the_year_within_fifty_years(digits: str, year: int) -> None:
    """A year of two digits is at most 50 years in the future."""
    now = datetime(2026, 11, 6, 8, 49, 37, tzinfo=UTC)
    date = parse_http_date(f"Sunday, 06-Nov-{digits} 08:49:37 GMT", now=now)
    assert date == MOMENT.replace(year=year)


def test_fifty_years_and_a_second_are_too_far() -> None:
    """One second more than 50 years in the future is read as the past."""
    now = datetime(2026, 11, 6, 8, 49, 36, tzinfo=UTC)
    date = parse_http_date("Sunday, 06-Nov-76 08:49:37 GMT", now=now)
    assert date == MOMENT.replace(year=1976)


@PROPERTY
@given(st.datetimes(timezones=ZONES, min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)))
def test_what_was_written_is_read(moment: datetime) -> None:
    """Reading what was written gives the same moment, without parts of a second."""
    assert parse_http_date(format_http_date(moment)) == moment.astimezone(UTC).replace(microsecond=0)


@PROPERTY
@given(st.text() | st.from_regex(r"[A-Z][a-z]{2,8},? [0-9 :\-A-Za-z]{0,30}", fullmatch=True))
def test_no_text_makes_reading_fail(text: str) -> None:
    """No text makes reading fail."""
    date = parse_http_date(text)
    assert date is None or date.tzinfo is UTC
