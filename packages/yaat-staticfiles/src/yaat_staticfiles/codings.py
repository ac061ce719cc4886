"""This file is content codings: which of the compressed neighbours of a file a client would like (RFC 9110 §12.5.3)."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from yaat.media_type import choose_encoding

#: What stands at the end of the name of a compressed neighbour, by its coding; the best for the web first.
SUFFIXES: Mapping[str, str] = MappingProxyType({"br": ".br", "zstd": ".zst", "gzip": ".gz"})

#: A longer field is not kept, so that nobody can fill memory with fields.
_MAX_KEPT_BYTES = 512


def list_codings(accept_encoding: bytes) -> tuple[str, ...]:
    """Return the codings that a client prefers to none, the best first, by its Accept-Encoding."""
    if len(accept_encoding) <= _MAX_KEPT_BYTES:
        return _list_codings(accept_encoding)
    return _list_codings.__wrapped__(accept_encoding)


@lru_cache(maxsize=256)  # PERF: clients send few different fields, again and again (row "static file, 10 KB")
def _list_codings(accept_encoding: bytes) -> tuple[str, ...]:
    text = accept_encoding.decode("latin-1")
    left = list(SUFFIXES)
    liked: list[str] = []
    while (best := choose_encoding(text, left)) not in (None, "identity"):
        left.remove(str(best))
        liked.append(str(best))
    return tuple(liked)
