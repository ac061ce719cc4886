"""What stands around a route."""

from types import SimpleNamespace

import pytest

from yaat_openapi.limits import find_limit, format_bytes


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1000, "1000 bytes"), (2048, "2 KiB"), (16 * 1024**2, "16 MiB"), (1025, "1025 bytes")],
)
def test_bytes_are_written_as_people_do(count: int, text: str) -> None:
    """In the largest unit that loses nothing."""
    assert format_bytes(count) == text


def test_route_of_which_nothing_is_known_has_no_limit() -> None:
    """A report that was made by hand need not say where the route is."""
    assert find_limit(SimpleNamespace(placed=None)) is None
