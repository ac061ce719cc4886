"""This file is the bookkeeping of one response body: whether it is as long as it says.

A method returns the problem in words, or `None`. Nothing here knows of messages or raises.
"""

from collections.abc import Iterable

#: Statuses whose response never has content (RFC 9110 §15.3.5, §15.4.5).
BODILESS = frozenset({204, 304})


class BodyLength:
    """Counts the bytes of one response against what its start announced.

    Args:
        method: The method of the request; a response to HEAD may leave its body out.
        status: The status of the response; 204 and 304 have no body.
        headers: The fields of the response, already checked.
    """

    __slots__ = ("_declared", "_lengths", "_method", "_sent", "_status")

    def __init__(self, method: str, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self._method = method
        self._status = status
        self._lengths = [value for name, value in headers if name == b"content-length"]
        self._declared: int | None = None
        self._sent = 0

    def find_start_problem(self) -> str | None:
        """Say what is wrong with the announced length, if anything is (RFC 9110 §8.6)."""
        if not self._lengths:
            return None
        if len(self._lengths) > 1:
            return f"it has {len(self._lengths)} Content-Length fields"
        [length] = self._lengths
        # isdigit() of bytes knows ASCII digits only, and refuses a sign.
        if not length.isdigit():
            return f"its Content-Length is {length!r}, which is no number"
        if self._status == 204:
            return "it has a Content-Length, which a 204 must not have (RFC 9110 §8.6)"
        if self._status != 304:
            self._declared = int(length)
        return None

    def find_excess(self, size: int) -> str | None:
        """Count *size* more bytes and say why they are too many, if they are."""
        self._sent += size
        if size and self._status in BODILESS:
            return f"a body of {size} bytes was sent, and a {self._status} has none"
        if self._declared is not None and self._sent > self._declared:
            return f"{self._sent} bytes were sent, and Content-Length says {self._declared}"
        return None

    def find_lack(self) -> str | None:
        """Say at the end of the body how much is missing, if anything is."""
        if self._declared is None or self._sent == self._declared:
            return None
        if self._method == "HEAD" and not self._sent:
            return None
        return f"the body ended after {self._sent} bytes, and Content-Length says {self._declared}"
