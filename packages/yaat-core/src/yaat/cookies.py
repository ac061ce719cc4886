"""This file reads the Cookie header and writes Set-Cookie (RFC 6265, draft RFC 6265bis).

Both take time in proportion to their input: ``http.cookies`` does not on every Python.
"""

import re
import time
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from yaat.http_date import format_http_date, parse_http_date

SameSite = Literal["lax", "strict", "none"]

#: Browsers drop a cookie whose name and value are longer (RFC 6265bis §5.6).
MAX_COOKIE_BYTES = 4096

_CENTURY = 100 * 365 * 24 * 3600

_COOKIE_OCTETS = re.compile(r"[!#-+\--:<-\[\]-~]*")
_NOT_COOKIE_OCTET = re.compile(rb"[^!#-+\--:<-\[\]-~]")
_ESCAPE = re.compile(r"\\(?:([0-3][0-7][0-7])|(.))", re.DOTALL)
# PERF: `re` compiles these when they are first needed; what is found by them is kept (figure "import, CPU").
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_NOT_PATH = r"[^ -:<-~]"
_DOMAIN = r"[A-Za-z0-9._\-]+"
_NONE = "; SameSite=None"
_SAME_SITE: dict[str | None, str] = {
    None: "",
    "lax": "; SameSite=Lax",
    "strict": "; SameSite=Strict",
    "none": _NONE,
}


class InvalidCookie(ValueError):
    """A cookie that browsers would refuse, ignore or misread."""


def parse_cookies(header: str) -> dict[str, str]:
    """Return the cookies of a Cookie header by name.

    What is no ``name=value`` is left out. Of cookies with the same name the first counts: it is the
    one whose path is closest to the request (RFC 6265 §5.4). Quotes around a value are taken off
    and escapes inside undone; a value that is UTF-8 is decoded.

    Args:
        header: The value as decoded from ISO 8859-1.
    """
    cookies: dict[str, str] = {}
    # PERF: in nearly every header there is nothing to decode (row "cookie read and set").
    is_plain = header.isascii() and '"' not in header
    for part in header.split(";"):
        name, equals, value = part.partition("=")
        # Not strip(): what else it takes for blanks may be bytes of a UTF-8 character, read as ISO 8859-1, and without
        # them the name would be that of another cookie.
        name = name.strip(" \t")
        if equals and name and name not in cookies:
            cookies[name] = value.strip(" \t") if is_plain else _decode_value(value)
    return cookies


def format_set_cookie(
    name: str,
    value: str = "",
    *,
    max_age: int | timedelta | None = None,
    expires: datetime | int | str | None = None,
    path: str | None = "/",
    domain: str | None = None,
    secure: bool = False,
    httponly: bool = False,
    samesite: SameSite | None = "lax",
    partitioned: bool = False,
) -> str:
    r"""Return the value of a Set-Cookie header.

    A *value* with characters that cookies may not hold is written in quotes, as UTF-8 with octal
    escapes, a quote or backslash behind a backslash; `parse_cookies` gives back the same text.
    (``http.cookies`` reads it too, except that it takes each octet for a character.)

    Args:
        name: A token. With the prefix ``__Secure-`` or ``__Host-`` the attributes must keep the
            promise of the prefix (RFC 6265bis §4.1.3).
        value: Any text.
        max_age: Seconds that the cookie lives; 0 or less deletes it. Goes before *expires*.
        expires: When it ends: a datetime with a time zone, an HTTP date, or seconds from now. An
            int that is not positive means 1970, so that it is over by any clock.
        path: The paths it is sent to, percent-encoded; ``None`` for the folder of the request.
        domain: The host and its subdomains it is sent to; ``None`` for this host alone.
        secure: Sent over HTTPS only.
        httponly: Hidden from scripts.
        samesite: Whether other sites' requests carry it; ``None`` leaves that to the browser.
        partitioned: Kept apart for each site that embeds this one (CHIPS).

    Raises:
        InvalidCookie: A part holds what it may not, the parts contradict each other, or name and
            value are over 4,096 bytes together; browsers would drop it without a word.
    """
    attributes = format_attributes(name, path, domain, secure, httponly, samesite, partitioned)
    return join_set_cookie(name, value, max_age, expires, attributes)


def join_set_cookie(
    name: str, value: str, max_age: int | timedelta | None, expires: datetime | int | str | None, attributes: str
) -> str:
    """Return the value of a Set-Cookie header whose other *attributes* are written already: see `format_attributes`."""
    text = f"{name}={_encode_value(name, value)}"
    if max_age is not None:
        text += f"; Max-Age={_count_seconds(name, max_age)}"
    if expires is not None:
        text += f"; Expires={_format_expires(name, expires)}"
    return text + attributes


def check_texts(name: Any, value: Any) -> None:
    """Raise for a name or a value that is no text.

    Raises:
        InvalidCookie: One is none.
    """
    for what, given in (("name", name), ("value", value)):
        if not isinstance(given, str):
            raise InvalidCookie(f"The cookie {what} {given!r:.100} is no str; use str(…).")


@lru_cache(maxsize=256)  # PERF: they come from source code, so few and again and again (row "cookie read and set")
def format_attributes(  # noqa: PLR0917  # a cache wants them by position
    name: str,
    path: str | None,
    domain: str | None,
    secure: bool,  # noqa: FBT001  # as above
    httponly: bool,  # noqa: FBT001  # as above
    samesite: SameSite | None,
    partitioned: bool,  # noqa: FBT001  # as above
) -> str:
    """Return the attributes that do not depend on value and time; *name* is checked, and keeps what it promises."""
    if not re.fullmatch(_TOKEN, name):
        raise InvalidCookie(
            f"The cookie name {name[:100]!r} is not a token; "
            "use letters, digits and any of !#$%&'*+-.^_`|~ (RFC 9110 §5.6.2)."
        )
    same_site = _SAME_SITE.get(samesite) or _find_same_site(name, samesite)
    _check_promises(
        name,
        same_site=same_site,
        secure=secure,
        partitioned=partitioned,
        is_host_wide=path == "/" and domain is None,
    )
    text = "" if domain is None else f"; Domain={_check_domain(name, domain)}"
    if path is not None:
        text += f"; Path={_check_path(name, path)}"
    flags = ("; Secure" if secure else "") + ("; HttpOnly" if httponly else "")
    return text + flags + same_site + ("; Partitioned" if partitioned else "")


def _decode_value(value: str) -> str:
    value = value.strip(" \t")
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = _ESCAPE.sub(_unescape, value[1:-1])
    if not value.isascii():
        try:
            # RFC 6265 §5.4 leaves the encoding open; what scripts set is UTF-8 in every browser.
            return value.encode("latin-1").decode()
        except UnicodeError:
            return value
    return value


def _unescape(escape: re.Match[str]) -> str:
    octal, quoted = escape.groups()
    return quoted if octal is None else chr(int(octal, 8))


def _encode_value(name: str, value: str) -> str:
    text = value if _COOKIE_OCTETS.fullmatch(value) else _quote(name, value)
    length = len(name) + len(text)
    if length > MAX_COOKIE_BYTES:
        advice = f"browsers drop cookies over {MAX_COOKIE_BYTES} bytes; keep the data on the server"
        raise _invalid(name, f"its length of {length} bytes", advice)
    return text


def _quote(name: str, value: str) -> str:
    try:
        escaped = _NOT_COOKIE_OCTET.sub(_escape, value.encode())
    except UnicodeEncodeError as error:
        raise _invalid(name, f"the value {value[:100]!r}", "it holds half a character") from error
    return f'"{escaped.decode()}"'


def _escape(octet: re.Match[bytes]) -> bytes:
    # No standard says how. The standard library, Django and Werkzeug write these two so, and requests knows a quote by
    # no other form.
    if octet[0] in b'"\\':
        return b"\\" + octet[0]
    return b"\\%03o" % octet[0][0]


def _count_seconds(name: str, max_age: int | timedelta) -> int:
    if isinstance(max_age, timedelta):
        return -(-max_age // timedelta(seconds=1))  # rounded up: 0 would delete the cookie
    if type(max_age) is bool or not isinstance(max_age, int):
        raise _invalid(name, f"max_age={max_age!r}", "use whole seconds or a timedelta")
    return max_age


def _format_expires(name: str, expires: datetime | int | str) -> str:
    moment: datetime | float | None = expires if isinstance(expires, datetime) else None
    if isinstance(expires, str):
        moment = parse_http_date(expires)
    elif isinstance(expires, int):
        moment = time.time() + min(expires, _CENTURY) if expires > 0 else 0
    if moment is None:
        advice = "use a datetime, whole seconds or a date as 'Sun, 06 Nov 1994 08:49:37 GMT'"
        raise _invalid(name, f"expires={expires!r}", advice)
    try:
        return format_http_date(moment)
    except ValueError as error:
        raise _invalid(name, f"expires={expires!r}", str(error)) from error


def _check_domain(name: str, domain: str) -> str:
    if not re.fullmatch(_DOMAIN, domain):
        raise _invalid(name, f"domain={domain!r}", "use a host name in ASCII, as 'example.com'")
    return domain


def _check_path(name: str, path: str) -> str:
    if not path.startswith("/") or re.search(_NOT_PATH, path):
        raise _invalid(name, f"path={path!r}", "begin it with '/' and percent-encode the rest")
    return path


def _find_same_site(name: str, samesite: str | None) -> str:
    text = _SAME_SITE.get(samesite and samesite.lower())
    if text is None:
        raise _invalid(name, f"samesite={samesite!r}", "use 'lax', 'strict', 'none' or None")
    return text


def _check_promises(name: str, *, same_site: str, secure: bool, partitioned: bool, is_host_wide: bool) -> None:
    is_host_prefix = name[:7].lower() == "__host-"
    if is_host_prefix and not is_host_wide:
        raise _invalid(name, "its prefix", "it demands path='/' and no domain")
    reasons = {
        "its prefix": is_host_prefix or name[:9].lower() == "__secure-",
        "samesite='none'": same_site == _NONE,
        "partitioned=True": partitioned,
    }
    for reason, holds in reasons.items():
        if holds and not secure:
            raise _invalid(name, reason, "it demands secure=True")


def _invalid(name: str, part: str, advice: str) -> InvalidCookie:
    return InvalidCookie(f"The cookie {name[:100]!r} cannot be set because of {part[:150]}: {advice}.")
