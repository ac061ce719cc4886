"""This file reads the headers of a part: what it is called, and whether it is a field or a file (RFC 7578 §4).

The law here: what can be understood in two ways is refused, since somebody in front of the app may have understood it
in the other.
"""

import re
from collections.abc import Sequence

from multipart import content_disposition_unquote  # type: ignore[import-untyped]  # it ships no types

from yaat.exceptions import UnsupportedMediaType
from yaat.headers import Headers
from yaat.media_type import InvalidMediaType, parse_media_type

from .charset import find_codec
from .exceptions import InvalidForm
from .filename import make_safe_filename

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


class PartHead:
    """What the headers of a part say.

    Attributes:
        name: Of the field.
        filename: As the client sent it, path and all; `None` for what is no file, empty for a file input that nobody
            used. Never make a path of it: see `safe_filename`.
        is_file: Whether it is a file, and no field.
        content_type: As the client sent it; `text/plain` or, for a file, `application/octet-stream` when left out.
    """

    __slots__ = ("_fields", "_says_type", "content_type", "filename", "is_file", "name")

    def __init__(
        self, name: str, filename: str | None, content_type: str = "", fields: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.name = name
        self.filename = filename
        self.is_file = filename is not None
        self.content_type = content_type or ("text/plain" if filename is None else "application/octet-stream")
        self._says_type = content_type != ""
        self._fields = fields

    @property
    def headers(self) -> Headers:
        """All of them. Their bytes are UTF-8 (RFC 7578 §5.1)."""
        return Headers([(name.lower().encode(), value.rstrip(" \t").encode()) for name, value in self._fields])

    @property
    def safe_filename(self) -> str:
        """A name that can be put behind a folder, made of the filename; never empty, and not unique."""
        return make_safe_filename(self.filename)

    def find_codec(self, default: str) -> str:
        """Return what Python calls the charset of a field: its own, or *default* (RFC 7578 §4.5).

        Raises:
            InvalidForm: Its Content-Type is malformed, or names an unknown charset.
        """
        if not self._says_type:
            return default
        try:
            charset = parse_media_type(self.content_type).charset
        except InvalidMediaType:
            raise InvalidForm(f"The Content-Type of the part {self.name[:100]!r} is malformed.") from None
        return default if charset is None else find_codec(charset)


class Described:
    """What a head describes: a part that arrives, or a file that has."""

    __slots__ = ("head",)

    def __init__(self, head: PartHead) -> None:
        self.head = head

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.head.name

    @property
    def safe_filename(self) -> str:
        """A name that can be put behind a folder, made of the filename; never empty, and not unique."""
        return self.head.safe_filename

    @property
    def content_type(self) -> str:
        """What the client says it is, which proves nothing.

        When it says nothing: `text/plain` for a field and `application/octet-stream` for a file.
        """
        return self.head.content_type

    @property
    def headers(self) -> Headers:
        """The headers of the part; their bytes are UTF-8 (RFC 7578 §5.1)."""
        return self.head.headers


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
