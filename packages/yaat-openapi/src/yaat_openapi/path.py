"""This file is the path of a route as OpenAPI writes it: `/items/{id:int}` is `/items/{id}`."""

import re

from yaat.record import frozen
from yaat.url import encode_path

_PARAMETER = re.compile(r"\{([^{}:]+)(?::[^{}]+)?\}")


@frozen
class DocumentPath:
    """A path template of OpenAPI.

    Attributes:
        text: As it stands in the document, percent-encoded, since it is a part of a URL.
        names: Of its parameters, from left to right.
    """

    text: str
    names: tuple[str, ...]

    @property
    def shape(self) -> str:
        """The template without names: two of one shape are the same path (OpenAPI 3.1 §4.8.8.2)."""
        return _PARAMETER.sub("{}", self.text)


def parse_path(path: str) -> DocumentPath:
    """Return the path that the template of a route writes."""
    # Literals and names take turns, a literal first.
    pieces = _PARAMETER.split(path)
    literals, names = pieces[::2], pieces[1::2]
    text = "".join(
        encode_path(literal) + (f"{{{name}}}" if name else "")
        for literal, name in zip(literals, [*names, ""], strict=True)
    )
    return DocumentPath(text=text, names=tuple(names))
