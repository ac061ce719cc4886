"""This file reads and writes query strings and everything else in ``name=value&…`` form.

Reading never fails on odd bytes: the only error is too many fields. The rules are those of
``application/x-www-form-urlencoded`` (https://url.spec.whatwg.org/#application/x-www-form-urlencoded).
"""

import re
from binascii import unhexlify
from collections.abc import Iterable, Mapping

from yaat.multidict import MultiDict

#: Enough for any page written by hand; a precedent is Django's DATA_UPLOAD_MAX_NUMBER_FIELDS.
DEFAULT_MAX_FIELDS = 1000

# PERF: looking for an int in bytes takes a tenth of the time of looking for one byte of bytes.
_PERCENT = ord("%")
_PLUS = ord("+")
_ESCAPES = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")
# PERF: `re` compiles these when they are first needed, and keeps them (figure "import, CPU").
_STRAY_IN_FIELD = rb"[^A-Za-z0-9*\-._]+"
#: What may not stand in a query as it is (RFC 3986 §3.4); "%" may, before two hexadecimal digits.
STRAY_IN_QUERY = rb"[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]+|%(?![0-9A-Fa-f]{2})"


class TooManyFields(ValueError):
    """A query or form has more fields than the limit allows."""


class QueryParams(MultiDict[str]):
    """The fields of a query string, parsed when they are first asked for.

    Args:
        raw: The query without "?", as in the ASGI scope's ``query_string``.
        max_fields: Reading more fields than this raises `TooManyFields`.
    """

    __slots__ = ("_fields", "_max_fields", "_raw")

    _fields: list[tuple[str, str]] | None

    def __init__(self, raw: bytes = b"", *, max_fields: int = DEFAULT_MAX_FIELDS) -> None:
        self._raw = raw
        self._max_fields = max_fields
        self._fields = None
        self._last = None

    def encode(self) -> bytes:
        """Return the query exactly as it came."""
        return self._raw

    def __str__(self) -> str:
        """The query as it may stand in a URL: bytes that may not are percent-encoded."""
        return percent_encode(self._raw, STRAY_IN_QUERY)

    def __repr__(self) -> str:
        return f"QueryParams({self._raw!r})"

    def _read_pairs(self) -> list[tuple[str, str]]:
        fields = self._fields
        if fields is None:
            fields = self._fields = parse_urlencoded(self._raw, max_fields=self._max_fields)
        return fields

    # PERF: the mapping is made without the pairs, which few ask for (row "two query parameters").
    def _index(self) -> dict[str, str]:
        last = self._last
        if last is None:
            raw = self._raw
            if _is_plain(raw) and len(raw) < self._max_fields:
                last = {}
                for field in raw.decode().split("&"):
                    if field:
                        name, _, value = field.partition("=")
                        last[name] = value
            else:
                last = dict(self._read_pairs())
            self._last = last
        return last


def parse_urlencoded(raw: bytes, *, max_fields: int = DEFAULT_MAX_FIELDS) -> list[tuple[str, str]]:
    """Return the fields of *raw* in their order, names and values decoded.

    "+" is a space, a field without "=" has an empty value, empty fields are left out. A "%" without
    two hexadecimal digits stays as it is; what is not UTF-8 becomes U+FFFD.

    Args:
        raw: A query without "?", or the content of a form.
        max_fields: The limit; empty fields count, so it is known before any work is done.

    Raises:
        TooManyFields: There are more than *max_fields* fields.
    """
    # More than n fields need n separators: short input is never counted.
    if len(raw) >= max_fields and raw.count(b"&") >= max_fields:
        raise TooManyFields(
            f"{raw.count(b'&') + 1} fields came, at most {max_fields} are allowed. "
            "Raise max_fields where so many are expected."
        )
    if not _is_plain(raw):
        return _parse_escaped(raw)
    pairs = []
    for field in raw.decode().split("&"):
        if field:
            name, _, value = field.partition("=")
            pairs.append((name, value))
    return pairs


def _is_plain(raw: bytes) -> bool:
    """Return whether nothing in *raw* is to be decoded, as in most queries."""
    return raw.isascii() and _PERCENT not in raw and _PLUS not in raw


def format_query(fields: Mapping[str, object] | Iterable[tuple[str, object]]) -> str:
    """Return *fields* as a query string, without "?".

    A list or tuple gives a field for each item, ``None`` is left out, a bool is ``true`` or
    ``false``, bytes are taken as they are, anything else is turned into text by ``str``.
    """
    if isinstance(fields, MultiDict):
        fields = fields.multi_items()
    elif isinstance(fields, Mapping):
        fields = fields.items()
    return "&".join(
        f"{_encode(name)}={_encode(item)}"
        for name, value in fields
        for item in (value if isinstance(value, (list, tuple)) else (value,))
        if item is not None
    )


def percent_decode(raw: bytes) -> bytes:
    """Return *raw* with each "%" and two hexadecimal digits made one byte (RFC 3986 §2.1)."""
    return _ESCAPES.sub(_unescape, raw)


def percent_decode_text(raw: bytes) -> str:
    """Return the text that *raw* writes, as servers decode a path: what is no UTF-8 becomes U+FFFD."""
    return percent_decode(raw).decode("utf-8", "replace")


def percent_encode(value: str | bytes, stray: bytes) -> str:
    """Return *value* with all that the regular expression *stray* finds percent-encoded (RFC 3986 §2.1).

    Text is encoded as UTF-8; lone surrogates become U+FFFD, as in browsers. What *stray* does not
    find must be ASCII.
    """
    raw = _to_utf8(value) if isinstance(value, str) else value
    return re.sub(stray, _escape, raw).decode()


def _parse_escaped(raw: bytes) -> list[tuple[str, str]]:
    pairs = []
    for field in raw.split(b"&"):
        name, _, value = field.partition(b"=")
        if field:
            pairs.append((_decode(name), _decode(value)))
    return pairs


def _decode(raw: bytes) -> str:
    if _PLUS in raw:
        raw = raw.replace(b"+", b" ")
    if _PERCENT in raw:
        raw = percent_decode(raw)
    return raw.decode("utf-8", "replace")


def _encode(value: object) -> str:
    if isinstance(value, bool):
        value = "true" if value else "false"
    text = value if isinstance(value, (str, bytes)) else str(value)
    # A "%20" can only be an escaped space here: a percent sign of the value has become "%25".
    return percent_encode(text, _STRAY_IN_FIELD).replace("%20", "+")


def _to_utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _unescape(escapes: re.Match[bytes]) -> bytes:
    return unhexlify(escapes[0].replace(b"%", b""))


def _escape(octets: re.Match[bytes]) -> bytes:
    return b"%" + octets[0].hex("%").upper().encode()
