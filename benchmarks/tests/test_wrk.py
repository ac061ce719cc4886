"""What wrk prints becomes figures, and a failed run becomes none."""

from __future__ import annotations

import pytest

from wrk import Load, parse_report, parse_time

REPORT = """\
Running 1s test @ http://127.0.0.1:8000/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.21ms  437.17us   9.66ms   50%
    Req/Sec    26.42k     1.37k   28.53k    99%
  Latency Distribution
     50%    1.15ms
     75%    1.31ms
     90%    1.52ms
     99%  960.00us
  28897 requests in 1.10s, 4.05MB read
Requests/sec:  26272.73
Transfer/sec:      3.68MB
"""


def test_a_report_is_read() -> None:
    """Counts, rate and latencies are found; of the percentages, those of the distribution."""
    assert parse_report(REPORT) == Load(requests=28897, rate=26272.73, median=1.15, slowest=0.96)


def test_a_latency_in_seconds_is_read() -> None:
    """Behind a unit of one letter wrk writes a space."""
    assert parse_report(REPORT.replace("960.00us", "1.31s ")).slowest == 1310


@pytest.mark.parametrize(
    "line",
    [
        "  Non-2xx or 3xx responses: 28897",
        "  Socket errors: connect 0, read 12, write 0, timeout 3",
    ],
)
def test_a_run_with_failures_is_refused(line: str) -> None:
    """What answers errors, or not at all, does not pass for being quick."""
    text = REPORT.replace("Requests/sec", f"{line}\nRequests/sec")
    with pytest.raises(ValueError, match=f"wrk reports '{line.strip()}'"):
        parse_report(text)


def test_late_answers_are_no_failure() -> None:
    """What wrk calls a timeout was answered, if late: the latency tells that."""
    late = "  Socket errors: connect 0, read 0, write 0, timeout 3"
    assert parse_report(REPORT.replace("Requests/sec", f"{late}\nRequests/sec")).requests == 28897


def test_something_else_than_a_report_is_told() -> None:
    """Output that is no report is shown."""
    with pytest.raises(ValueError, match="the report of wrk has no .*: 'unable to connect'"):
        parse_report("unable to connect")


@pytest.mark.parametrize(
    ("text", "milliseconds"), [("640.00us", 0.64), ("1.50ms", 1.5), ("1.20s", 1200), ("1.00m", 60_000)]
)
def test_times_are_read_in_each_unit(text: str, milliseconds: float) -> None:
    """wrk chooses the unit by the size of the time."""
    assert parse_time(text) == pytest.approx(milliseconds)


@pytest.mark.parametrize("text", ["640", "1.50h", ""])
def test_a_time_without_a_known_unit_is_refused(text: str) -> None:
    """No unit is guessed."""
    with pytest.raises(ValueError, match="is not a time with one of the units us, ms, s, m"):
        parse_time(text)
