"""This file reads and writes the dates of HTTP (RFC 9110 §5.6.7)."""

import re
from datetime import UTC, datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_DAY_NAME = f"(?:{'|'.join(_DAYS)})"
_LONG_DAY_NAME = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = f"(?P<month>{'|'.join(_MONTHS)})"
_DAY = "(?P<day>[0-9]{2})"
_TIME = "(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"

# PERF: `re` compiles these when they are first needed, and keeps them (figure "import, CPU").
#: The form to write, then the two obsolete ones that are still to be read.
_FORMS = (
    f"{_DAY_NAME}, {_DAY} {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} GMT",
    f"{_LONG_DAY_NAME}, {_DAY}-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT",
    f"{_DAY_NAME} {_MONTH} (?P<day>[0-9 ][0-9]) {_TIME} (?P<year>[0-9]{{4}})",
)


def format_http_date(moment: datetime | float) -> str:
    """Return *moment*, a datetime with a time zone or a POSIX timestamp, as an IMF-fixdate.

    Parts of a second are cut off: ``Sun, 06 Nov 1994 08:49:37 GMT``.

    Raises:
        ValueError: The datetime has no time zone, or the year is not within 1 and 9999.
    """
    if isinstance(moment, datetime) and moment.utcoffset() is None:
        raise ValueError(
            f"{moment!r} has no time zone, so it names no moment; use datetime.now(UTC) or moment.replace(tzinfo=UTC)."
        )
    try:
        utc = _to_utc(moment)
    except (OverflowError, OSError, ValueError) as error:
        raise ValueError(f"{moment!r} is outside the years 1 to 9999 that HTTP can name.") from error
    return (
        f"{_DAYS[utc.weekday()]}, {utc.day:02} {_MONTHS[utc.month - 1]} {utc.year:04} "
        f"{utc.hour:02}:{utc.minute:02}:{utc.second:02} GMT"
    )


def parse_http_date(text: str, *, now: datetime | None = None) -> datetime | None:
    """Return the moment that *text* names in any of the three forms, else ``None``.

    The name of the day is not compared with the date. A leap second becomes the one before it.

    Args:
        text: The value of a header such as If-Modified-Since.
        now: What a two-digit year is relative to: it is at most 50 years in the future.
    """
    found = next(filter(None, (re.fullmatch(form, text) for form in _FORMS)), None)
    if found is None:
        return None
    month = _MONTHS.index(found["month"]) + 1
    second = int("59" if found["second"] == "60" else found["second"])
    rest = (month, int(found["day"]), int(found["hour"]), int(found["minute"]), second)
    year = int(found["year"])
    if len(found["year"]) == 2:
        year = _full_year(year, rest, now or datetime.now(UTC))
    try:
        return datetime(year, *rest, tzinfo=UTC)
    except ValueError:
        return None


def _to_utc(moment: datetime | float) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime.fromtimestamp(moment // 1, UTC)


def _full_year(two_digits: int, rest: tuple[int, ...], now: datetime) -> int:
    """Return the last year of these two digits that is not over 50 years in the future."""
    today = now.utctimetuple()
    latest = today.tm_year + 50
    year = latest - (latest - two_digits) % 100
    return year - 100 if (year, *rest) > (latest, *today[1:6]) else year
