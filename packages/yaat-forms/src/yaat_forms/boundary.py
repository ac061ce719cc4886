"""This file is the boundary: what divides the parts of a form, as the Content-Type of its request names it."""

import re

from yaat.media_type import InvalidMediaType, parse_media_type

from .exceptions import InvalidForm

#: RFC 2046 §5.1.1.
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")
_BOUNDARY_PARAMETER = re.compile(r"[; \t]boundary[ \t]*=", re.IGNORECASE)


def read_boundary(content_types: list[str]) -> str:
    """Return the boundary that the Content-Type of a request names.

    Args:
        content_types: All of its Content-Type fields, of which there must be one.

    Raises:
        InvalidForm: It names none, more than one, or one that no boundary can be.
    """
    if len(content_types) != 1:
        raise InvalidForm(f"The request has {len(content_types)} Content-Type fields, and one is due.")
    [content_type] = content_types
    try:
        boundary = parse_media_type(content_type).parameters.get("boundary", "")
    except InvalidMediaType:
        raise InvalidForm(f"The Content-Type is malformed: {content_type[:200]!r}.") from None
    if not boundary:
        raise InvalidForm("The Content-Type names no boundary. Send 'multipart/form-data; boundary=…' (RFC 7578 §4.1).")
    if len(_BOUNDARY_PARAMETER.findall(content_type)) > 1:
        raise InvalidForm("The Content-Type names more than one boundary.")
    if not _BOUNDARY.fullmatch(boundary):
        raise InvalidForm(
            f"{boundary[:100]!r} is no boundary: that is 1 to 70 letters, digits and '()+_,-./:=? (RFC 2046 §5.1.1)."
        )
    return boundary
