"""The guard of speed: what it takes for dearer."""

import pytest

from guard import compare, measure_again


@pytest.mark.parametrize(
    ("kind", "measured", "mistakes"),
    [
        ("instructions", {"plaintext": 2.04}, []),
        ("instructions", {"plaintext": 2.05}, ["plaintext: instructions 2.050 × raw, recorded 2.000: +2.5%"]),
        ("time", {"plaintext": 2.25}, []),
        ("time", {"plaintext": 2.4}, ["plaintext: time 2.400 × raw, recorded 2.000: +20.0%"]),
        ("time", {}, ["plaintext: time could not be measured"]),
        (
            "time",
            {"plaintext": 2.0, "new": 1.0},
            ["new: time 1.000 × raw, and nothing is recorded; run guard.py --record"],
        ),
    ],
)
def test_what_is_dearer_is_told(kind: str, measured: dict[str, float], mistakes: list[str]) -> None:
    """A row may cost a little more than recorded: by instructions 2 %, by time 15 %."""
    assert compare(kind, {"plaintext": 2.0}, measured) == mistakes


def test_what_is_not_dear_is_not_measured_again() -> None:
    """A second look is for the rows that took too long, and costs nothing where there are none."""
    assert measure_again({"plaintext": 2.0}, {"plaintext": 2.2, "new": 9.0}) == {}
