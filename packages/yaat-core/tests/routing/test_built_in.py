"""The converters every app starts with: ASCII only, bounded before any number is made, able to read what they write."""

import math
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yaat.records import PathConverter
from yaat.routing.built_in import BUILT_IN

PROPERTY = settings(deadline=None)
CONVERTERS = {converter.name: converter for converter in BUILT_IN}
ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def parse(name: str, text: str) -> Any:
    return CONVERTERS[name].parse(text)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("str", "text", "text"),
        ("path", "a/b", "a/b"),
        ("int", "5", 5),
        ("int", "-5", -5),
        ("int", "007", 7),
        ("int", "9223372036854775807", 2**63 - 1),
        ("int", "-9223372036854775808", -(2**63)),
        ("float", "1.5", 1.5),
        ("float", "-0.25", -0.25),
        ("float", "3", 3.0),
        ("date", "2020-02-29", date(2020, 2, 29)),
        ("datetime", "2020-02-29T12:30:00", datetime(2020, 2, 29, 12, 30)),
        ("datetime", "2020-02-29T12:30:00.5Z", datetime(2020, 2, 29, 12, 30, 0, 500000, UTC)),
    ],
)
def test_text_of_its_kind_is_converted(name: str, text: str, value: object) -> None:
    """Each converter reads the plain notation of its type; numbers may have a minus sign."""
    assert parse(name, text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("int", ""),
        ("int", "-"),
        ("int", "--5"),
        ("int", "+5"),
        ("int", "5\n"),
        ("int", " 5"),
        ("int", "1_000"),
        ("int", "٣"),
        ("int", "²"),
        ("int", "1e3"),
        ("int", "9223372036854775808"),
        ("int", "-9223372036854775809"),
        ("int", "0" * 19 + "1"),
        ("float", ""),
        ("float", "."),
        ("float", ".5"),
        ("float", "5."),
        ("float", "1.5\n"),
        ("float", "1e5"),
        ("float", "inf"),
        ("float", "nan"),
        ("float", "٣.٣"),
        ("float", "9" * 33),
        ("uuid", "123e4567e89b12d3a456426614174000"),
        ("uuid", "{123e4567-e89b-12d3-a456-426614174000}"),
        ("uuid", "123e4567-e89b-12d3-a456-42661417400g"),
        ("date", "2020-02-30"),
        ("date", "20200229"),
        ("date", "2020-W09-6"),
        ("date", "٢٠٢٠-٠٢-٢٩"),
        ("datetime", "2020-02-29"),
        ("datetime", "2020-02-29 12:30:00"),
        ("datetime", "2020-02-29T25:30:00"),
        ("datetime", "2020-02-29T12:30:00+0100"),
    ],
)
def test_any_other_text_is_refused(name: str, text: str) -> None:
    """Digits other than ASCII, signs, spaces, exponents, infinities and too many digits do not match."""
    with pytest.raises(ValueError):  # noqa: PT011  # any ValueError means "does not match"
        parse(name, text)


@PROPERTY
@given(st.sampled_from(["int", "float", "uuid", "date", "datetime"]), st.text())
def test_no_text_makes_a_converter_fail(name: str, text: str) -> None:
    """A converter accepts a text or raises ValueError, nothing else; what it accepts is ASCII."""
    try:
        parse(name, text)
    except ValueError:
        return
    assert text.isascii()


@pytest.mark.parametrize("unit", ["9", "-", "0.", "12345678-", "2020-", "a"])
@pytest.mark.parametrize("name", ["int", "float", "uuid", "date", "datetime"])
def test_huge_text_is_refused_without_reading_it_as_a_number(name: str, unit: str) -> None:
    """A text of ten million characters is refused; `int` alone would need minutes for so many digits."""
    with pytest.raises(ValueError):  # noqa: PT011  # any ValueError means "does not match"
        parse(name, unit * (10_000_000 // len(unit)))


@PROPERTY
@given(
    st.one_of(
        st.tuples(st.just("int"), st.integers(-(2**63), 2**63 - 1)),
        st.tuples(st.just("uuid"), st.uuids()),
        st.tuples(st.just("date"), st.dates()),
        st.tuples(st.just("datetime"), st.datetimes(timezones=st.none() | ZONES)),
        st.tuples(st.just("float"), st.decimals(-(10**15), 10**15, places=6).map(float)),
        # A dot segment is no value: see `test_names.py`.
        st.tuples(st.just("str"), st.text(min_size=1).filter(lambda text: text not in (".", ".."))),
    )
)
def test_what_is_written_is_read_as_the_same(item: tuple[str, Any]) -> None:
    """What a converter writes into a URL, it reads back as the same value."""
    name, value = item
    assert parse(name, CONVERTERS[name].format(value)) == value


@pytest.mark.parametrize("value", [1e22, 1e-7, -1.5e-10, 2.0])
def test_a_float_is_written_without_an_exponent(value: float) -> None:
    """Large and small numbers are written in full, because the converter reads no exponent."""
    assert math.isclose(parse("float", CONVERTERS["float"].format(value)), value)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1e300, 1e-40, 1.2345678901234567e-20])
def test_a_float_that_no_path_can_hold_is_written_so_that_it_is_refused(value: float) -> None:
    """Infinities, NaN and numbers with too many digits do not come back from a URL, so `url_for` refuses them."""
    with pytest.raises(ValueError):  # noqa: PT011  # any ValueError means "does not match"
        parse("float", CONVERTERS["float"].format(value))


@pytest.mark.parametrize(
    ("value", "text"), [(0.1, "0.1"), (2.0, "2.0"), (1e15, "1000000000000000.0"), (1e22, "1" + "0" * 22)]
)
def test_a_float_is_written_in_as_few_digits_as_lead_back(value: float, text: str) -> None:
    """A number is written as Python shows it, and without zeros at the end where it is written in full."""
    assert CONVERTERS["float"].format(value) == text


def test_a_date_may_be_given_as_text() -> None:
    """`url_for` takes a date as the text of one too."""
    assert CONVERTERS["date"].format("2020-02-29") == "2020-02-29"


@pytest.mark.parametrize("converter", BUILT_IN, ids=lambda converter: converter.name)
def test_example_is_accepted(converter: PathConverter) -> None:
    """The example of each converter is a text that it reads."""
    converter.parse(converter.example)
