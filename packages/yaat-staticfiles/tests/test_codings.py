"""Which compressed neighbours a client would like."""

import pytest

from yaat_staticfiles.codings import list_codings


@pytest.mark.parametrize(
    ("field", "codings"),
    [
        (b"", ()),
        (b"identity", ()),
        (b"gzip, deflate, br, zstd", ("br", "zstd", "gzip")),
        (b"gzip", ("gzip",)),
        (b"gzip;q=1, br;q=0.5", ("gzip", "br")),
        (b"br;q=0, gzip", ("gzip",)),
        (b"*", ("br", "zstd", "gzip")),
        (b"x-gzip", ("gzip",)),
        (b"identity;q=0, gzip", ("gzip",)),
        (b"identity, gzip;q=0.5", ()),
        (b"\xff\x00, gzip", ("gzip",)),
    ],
)
def test_clients_get_what_they_like_best(field: bytes, codings: tuple[str, ...]) -> None:
    """By weight, and where those are equal by how well it compresses (RFC 9110 §12.5.3)."""
    assert list_codings(field) == codings


def test_long_fields_are_read_as_well() -> None:
    """A field that is too long to be kept is read all the same."""
    assert list_codings(b"gzip" + b" " * 10_000) == ("gzip",)
