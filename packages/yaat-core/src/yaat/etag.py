"""This file is the entity tag: the name of one version of what is at a path (RFC 9110 §8.8.3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

_OPAQUE = r'"([!#-~\x80-\xff]*+)"'
_ETAG = re.compile(rf"(W/)?{_OPAQUE}")
_MEMBER = re.compile(rf"(?:\A|,)[ \t]*+(W/)?{_OPAQUE}[ \t]*+(?=,|\Z)")


class InvalidETag(ValueError):
    """A text that is no entity tag (RFC 9110 §8.8.3)."""


@dataclass(frozen=True, slots=True)
class ETag:
    """An entity tag.

    Attributes:
        value: Without the quotes.
        is_weak: Versions that mean the same may share it; else each sequence of bytes has its own.

    Raises:
        InvalidETag: *value* holds a quote, a blank, or what is not ISO 8859-1.
    """

    value: str
    is_weak: bool = False

    def __post_init__(self) -> None:
        if _ETAG.fullmatch(f'"{self.value}"') is None:
            raise InvalidETag(
                f"An ETag may hold neither quotes, blanks nor control characters, as {self.value!r} does; "
                "use a version number or a hash."
            )

    def matches_strongly(self, other: "ETag") -> bool:
        """Return whether both name the same bytes (RFC 9110 §8.8.3.2)."""
        return not self.is_weak and self == other

    def matches_weakly(self, other: "ETag") -> bool:
        """Return whether both name versions that mean the same (RFC 9110 §8.8.3.2)."""
        return self.value == other.value

    def __str__(self) -> str:
        """As in the ETag field, with its quotes."""
        return f'{"W/" if self.is_weak else ""}"{self.value}"'


def parse_etag(text: str) -> ETag:
    """Return the entity tag that *text* writes, quotes included.

    Raises:
        InvalidETag: It writes none.
    """
    found = _ETAG.fullmatch(text)
    if found is None:
        raise InvalidETag(f"{text!r:.200} is no ETag: the value stands in double quotes, with W/ before a weak one.")
    return ETag(found[2], found[1] is not None)


def find_etags(text: str) -> Iterator[ETag]:
    """Yield the entity tags of a list such as that of If-None-Match; malformed members are left out."""
    return (ETag(found[2], found[1] is not None) for found in _MEMBER.finditer(text))


def make_etag(content: bytes) -> ETag:
    """Return a strong entity tag made from *content*."""
    return ETag(blake2b(content, digest_size=16).hexdigest())
