"""This file makes names for URLs of titles."""

import re
import secrets

from yaat.records import PathConverter

_NO_LETTERS = re.compile(r"[\W_]+")
#: `/articles/feed` is something else.
RESERVED = ("feed",)


def parse_slug(text: str) -> str:
    """Return the slug that a segment of a path is."""
    if text in RESERVED:
        raise ValueError(f"{text!r} is no article.")
    return text


#: `{slug:slug}` in paths. Without it, what can be done with articles could be done with what is reserved.
SLUG = PathConverter(name="slug", parse=parse_slug)


def make_slug(title: str) -> str:
    """Return the letters and digits of *title*, in lower case and with hyphens between words."""
    slug = _NO_LETTERS.sub("-", title.lower()).strip("-")
    return slug if slug and slug not in RESERVED else lengthen(slug or "article")


def lengthen(slug: str) -> str:
    """Return *slug* with something that nobody else has."""
    return f"{slug}-{secrets.token_hex(4)}"
