"""This file reads the headers of a part: what it is called, and whether it is a field or a file (RFC 7578 §4).

The law here: what can be understood in two ways is refused, since somebody in front of the app may have understood it
in the other.
"""

import re
from collections.abc import Sequence

from multipart import content_disposition_unquote  # type: ignore[import-untyped]  # it ships no types

from yaat.exceptions import UnsupportedMediaType

from .exceptions import InvalidForm
from .part_head import PartHead

_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
#: Browsers send bytes of any charset here, and a backslash as it is (https://html.spec.whatwg.org, "multipart form
#: data"); older clients put one before a quote.
_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_FORM_DATA = re.compile(rf"form-data(?=[ \t;]|$)((?:[ \t]*+;[ \t]*+{_TOKEN}=(?:{_TOKEN}|{_QUOTED}))*+)[ \t;]*", re.I)
_PARAMETER = re.compile(rf";[ \t]*+({_TOKEN})=({_TOKEN}|{_QUOTED})")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
#: Those that leave the bytes as they are; the others no longer have a meaning in forms (RFC 7578 §4.7).
_PLAIN_ENCODINGS = frozenset({"7bit", "8bit", "binary"})
#: Headers that say what a part is; twice, they say two things.
_UNIQUE = frozenset({"content-disposition", "content-type", "content-transfer-encoding"})


def read_head(fields: Sequence[tuple[str, str]]) -> PartHead:
    """Return what the headers of a part say.

    Args:
        fields: Names and values.

    Raises:
        InvalidForm: There is no name, or something is doubled or malformed.
        UnsupportedMediaType: The part is encoded, as in a mail.
    """
    values: dict[str, str] = {}
    for name, value in fields:
        if not value.isprintable() and _CONTROL.search(value):
            raise InvalidForm("A header of a part holds a control character.")
        key = name.lower()
        if key in values and key in _UNIQUE:
            raise InvalidForm(f"A part has the header {key} twice.")
        values[key] = value
    parameters = _read_disposition(values.get("content-disposition", "").rstrip(" \t"))
    if "name" not in parameters:
        raise InvalidForm("A part has no name in its Content-Disposition (RFC 7578 §4.2).")
    filename = parameters.get("filename")
    # RFC 7578 §4.2 forbids `filename*` and its like. Beside the plain name they are ignored, as .NET sends both; alone
    # they make a file of what is a field to whoever keeps to that.
    if filename is None and any(key.startswith("filename*") for key in parameters):
        raise InvalidForm("A part has filename* and no filename. Send filename, in UTF-8 (RFC 7578 §4.2).")
    if "content-transfer-encoding" in values:
        _check_encoding(values["content-transfer-encoding"].rstrip(" \t"), parameters["name"])
    return PartHead(parameters["name"], filename, values.get("content-type", "").rstrip(" \t"), fields)


def _read_disposition(text: str) -> dict[str, str]:
    """Return the parameters of a Content-Disposition field, by name in lower case.

    Raises:
        InvalidForm: It is malformed, is no `form-data`, or has a parameter twice.
    """
    found = _FORM_DATA.fullmatch(text)
    if found is None:
        raise InvalidForm(f"A part has a malformed Content-Disposition: {text[:100]!r}.")
    parameters: dict[str, str] = {}
    for key, value in _PARAMETER.findall(found[1]):
        name = key.lower()
        if name in parameters:
            raise InvalidForm(f"A part has the parameter {name[:100]!r} twice in its Content-Disposition.")
        parameters[name] = content_disposition_unquote(value)
    return parameters


def _check_encoding(encoding: str, name: str) -> None:
    """Raise for a part that is encoded.

    Raises:
        UnsupportedMediaType: See there.
    """
    if encoding.lower() not in _PLAIN_ENCODINGS:
        raise UnsupportedMediaType(
            f"The part {name[:100]!r} is encoded as {encoding[:40]!r}. Forms are sent as they are (RFC 7578 §4.7)."
        )
