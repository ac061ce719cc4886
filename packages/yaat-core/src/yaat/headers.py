"""This file reads the headers of a request and checks those of a response.

Nothing gets into `MutableHeaders` that could end a header early and start another one.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeVar, overload

D = TypeVar("D")

# PERF: `re` compiles these when they are first needed, which for most values is never (figure "import, CPU").
_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_CONTROL = r"[\x00-\x08\x0a-\x1f\x7f]"
_SECRETS = frozenset({b"authorization", b"cookie", b"proxy-authorization", b"set-cookie"})


class InvalidHeader(ValueError):
    """A name or value that may not stand in a header (RFC 9110 §5.1, §5.5)."""


@lru_cache(maxsize=256)  # PERF: names come from source code, so few and again and again
def encode_name(name: str | bytes) -> bytes:
    """Return *name* as ASGI wants it: bytes, lower case.

    Raises:
        InvalidHeader: It is not a token (RFC 9110 §5.6.2), or it is the server's to say.
    """
    if isinstance(name, str):
        raw = name.encode("utf-8", "replace")
    elif isinstance(name, bytes):
        raw = name
    else:
        raise InvalidHeader(f"The header name {name!r} is not str or bytes; use str(…).")
    if not re.fullmatch(_TOKEN, raw):
        raise InvalidHeader(
            f"The header name {name[:100]!r} is not a token; "
            "use letters, digits and any of !#$%&'*+-.^_`|~ (RFC 9110 §5.6.2)."
        )
    if raw.lower() == b"transfer-encoding":
        raise InvalidHeader(
            f"The header {name!r} is for the server to send: it decides how the content goes (ASGI spec, "
            "'Response Start'). Leave it out of headers that were copied from elsewhere."
        )
    return raw.lower()


def encode_value(value: str | bytes) -> bytes:
    """Return *value* as bytes (ISO 8859-1), without the blanks around it.

    Recipients drop the blanks anyway (RFC 9110 §5.5), and some servers refuse to send them; line
    ends are never dropped but refused.

    Raises:
        InvalidHeader: It holds a control character other than tab, or one beyond ISO 8859-1.
    """
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    elif not isinstance(value, str):
        raise InvalidHeader(f"The header value {value!r} is not str or bytes; use str(…).")
    value = value.strip(" \t")
    # PERF: the first line settles nearly every value in half the time of a regular expression.
    if value.isascii() and value.isprintable():
        return value.encode()
    if control := re.search(_CONTROL, value):
        raise InvalidHeader(
            f"The header value {value[:100]!r} holds {control[0]!r} at position {control.start()}; "
            "remove control characters, or percent-encode what came from outside."
        )
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError as error:
        raise InvalidHeader(
            f"The header value {value[:100]!r} holds {value[error.start]!r} "
            f"at position {error.start}, which is beyond ISO 8859-1; percent-encode it."
        ) from error


class Headers(Mapping[str, str]):
    """The headers of a message, found by name in any case.

    As a mapping it shows each name once, in lower case, with its *first* value; ``get_all`` and
    ``multi_items`` show everything. Two are equal when each name has the same values in the same
    order (RFC 9110 §5.3); a plain mapping counts as one value for each name.

    Args:
        raw: Names and values as in the ASGI scope, shared, not copied. ASGI wants lower-case names;
            one in another case is found only when none in lower case matches.
    """

    __slots__ = ("raw",)

    def __init__(self, raw: list[tuple[bytes, bytes]] | None = None) -> None:
        self.raw: list[tuple[bytes, bytes]] = [] if raw is None else raw

    def __getitem__(self, name: str) -> str:
        # PERF: as in `get`, without the call (row "cookie read and set, one header read").
        wanted = _FOLDED.get(name)
        if wanted is None:
            wanted = _fold(name)
        for key, value in self.raw:
            if key == wanted:
                return value.decode("latin-1")
        text = self.get(name)
        if text is None:
            raise KeyError(name)
        return text

    @overload
    def get(self, name: str, default: None = None, /) -> str | None: ...
    @overload
    def get(self, name: str, default: D, /) -> str | D: ...
    def get(self, name: str, default: D | None = None, /) -> str | D | None:
        """Return the first value of *name*, or *default*."""
        # PERF: "one header of 7": scanning for bytes and decoding one value beats any dict.
        wanted = _FOLDED.get(name) or _fold(name)
        for key, value in self.raw:
            if key == wanted:
                return value.decode("latin-1")
        for key, value in self.raw:
            if key.lower() == wanted:
                return value.decode("latin-1")
        return default

    def get_all(self, name: str) -> list[str]:
        """Return the values of all headers called *name*, in their order."""
        wanted = _fold(name)
        return [value.decode("latin-1") for key, value in self.raw if key.lower() == wanted]

    #: The name that users of Starlette and Werkzeug know.
    getlist = get_all

    def multi_items(self) -> list[tuple[str, str]]:
        """Return all headers in their order, names in lower case."""
        return [(key.decode("latin-1").lower(), value.decode("latin-1")) for key, value in self.raw]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.multi_items()))

    def __len__(self) -> int:
        return len(dict(self.multi_items()))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Headers):
            return self._grouped() == other._grouped()
        if isinstance(other, Mapping):
            return self._grouped() == {str(key).lower(): [other[key]] for key in other}
        return NotImplemented

    def __repr__(self) -> str:
        """The headers, without the values that are secrets: this text ends up in logs."""
        shown = [(key, b"..." if key.lower() in _SECRETS else value) for key, value in self.raw]
        return f"{type(self).__name__.removeprefix('Served')}({shown!r})"

    def _grouped(self) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        for name, value in self.multi_items():
            groups.setdefault(name, []).append(value)
        return groups


class ServedHeaders(Headers):
    """The headers of a request as the line serves it.

    PERF: as with `yaat.request.ServedRequest`, its maker sets what `__init__` would.
    """

    __slots__ = ()
    __init__ = object.__init__


class MutableHeaders(Headers):
    """The headers of a response; each name and value is checked when it is set.

    What *raw* holds at the beginning is taken as it is; changes are made in that very list.
    """

    __slots__ = ()

    def __setitem__(self, name: str, value: str) -> None:
        """Make *value* the only one of *name*, where the first one stood, else at the end."""
        field = _encode_field(name, value)
        names = [key.lower() for key, _ in self.raw]
        if field[0] in names:
            place = names.index(field[0])
            self.raw[place] = field
            self._remove(field[0], start=place + 1)
        else:
            self.raw.append(field)

    def __delitem__(self, name: str) -> None:
        """Remove all headers called *name*; it is no error if there are none."""
        self._remove(_fold(name), start=0)

    def append(self, name: str, value: str) -> None:
        """Add a header beside those of the same name, as Set-Cookie and Link want it."""
        self.raw.append(_encode_field(name, value))

    def setdefault(self, name: str, value: str) -> str:
        """Return the value of *name*, which becomes *value* if there was none."""
        present = self.get(name)
        if present is not None:
            return present
        self.append(name, value)
        return self[name]

    def update(self, fields: Mapping[str, str]) -> None:
        """Set all of *fields*; from other `Headers` come all values of each name."""
        for name in fields:
            if isinstance(fields, Headers):
                first, *more = fields.get_all(name)
                self[name] = first
                for value in more:
                    self.append(name, value)
            else:
                self[name] = fields[name]

    def add_vary(self, *names: str) -> None:
        """Add header names to Vary, each once; ``*`` replaces them all (RFC 9110 §12.5.5)."""
        for name in names:
            encode_name(name)
        unique: dict[str, str] = {}
        for member in (*",".join(self.get_all("vary")).split(","), *names):
            unique.setdefault(member.strip(" \t").lower(), member.strip(" \t"))
        unique.pop("", None)
        if unique:
            self["vary"] = "*" if "*" in unique else ", ".join(unique.values())

    def _remove(self, name: bytes, *, start: int) -> None:
        self.raw[start:] = [field for field in self.raw[start:] if field[0].lower() != name]


def _fold(name: str) -> bytes:
    """Return *name* as it stands in the ASGI scope."""
    folded = name.lower().encode("utf-8", "replace")
    if len(_FOLDED) < 256:
        _FOLDED[name] = folded
    return folded


#: What `_fold` has given. PERF: names come from source code, so few and again and again; a dictionary answers in half
#: the time of `functools.lru_cache` (row "cookie read and set, one header read").
_FOLDED: dict[str, bytes] = {}


def _encode_field(name: str, value: str) -> tuple[bytes, bytes]:
    try:
        return encode_name(name), encode_value(value)
    except InvalidHeader as error:
        error.add_note(f"While setting the header {name!r}.")
        raise
