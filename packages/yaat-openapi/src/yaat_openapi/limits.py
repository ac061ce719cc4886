"""This file is the limit of content that holds for a route, in numbers and in words."""

from typing import Any

KIB = 1024
MIB = KIB * KIB


def find_limit(route: Any) -> int | None:
    """Return how many bytes the content of a request may have: the innermost limit that is set."""
    if route.placed is None:
        return None
    around = [layer.router for layer in reversed(route.placed.layers) if layer.router is not None]
    limits = (each.max_body_bytes for each in (route.placed.route, *around))
    return next((limit for limit in limits if limit is not None), None)


def format_bytes(count: int) -> str:
    """Return a number of bytes as people write it: `16 MiB`."""
    for unit, size in (("MiB", MIB), ("KiB", KIB)):
        if count and count % size == 0:
            return f"{count // size} {unit}"
    return f"{count} bytes"
