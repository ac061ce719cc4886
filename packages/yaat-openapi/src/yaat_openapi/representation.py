"""This file is how something that never changes is served: from bytes, and not again to those who have it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yaat.cache_control import CacheControl
from yaat.conditional import make_conditional
from yaat.etag import ETag, make_etag
from yaat.response import Response

#: Whoever keeps it asks before using it again: the next start of the app may have another one (RFC 9111 §5.2.2.4).
CHECKED = str(CacheControl(no_cache=True))
#: For what has a name that changes with its content. A year is what caches take for ever.
IMMUTABLE = str(CacheControl(public=True, max_age=365 * 24 * 60 * 60, immutable=True))


@dataclass(frozen=True, slots=True)
class Representation:
    """Content with its headers, ready to be sent.

    Attributes:
        content: The bytes.
        media_type: Of the content.
        headers: More headers, or others.
        etag: Two of one tag have the same content.
    """

    content: bytes
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: ETag = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "etag", make_etag(self.content))

    def respond(self, request: Any) -> Response:
        """Return the response; 304 without content for a client that has it already (RFC 9110 §13.1.2)."""
        headers = {"cache-control": CHECKED, **self.headers}
        return make_conditional(request, Response(self.content, 200, headers, self.media_type), etag=self.etag)
