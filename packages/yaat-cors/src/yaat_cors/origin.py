"""This file is the origin: which texts name one, and why a text does not."""

import re

from yaat.exceptions import ConfigurationError

#: Scheme, longest host name (RFC 1035 §2.3.4) and port stay far below; what is longer is not looked at.
MAX_ORIGIN_BYTES = 512
#: An origin as browsers serialise it (HTML standard, "ASCII serialization of an origin"), the opaque one apart.
_ORIGIN = re.compile(r"[a-z][a-z0-9+.\-]*://(?:[A-Za-z0-9._~\-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
#: The same as people write it, with whatever stands around it.
_WRITTEN = re.compile(r"\s*(?:([A-Za-z][A-Za-z0-9+.\-]*)://)?([^/?#\s@]+)(?:[/?#].*)?\s*", re.DOTALL)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def is_origin(value: bytes) -> bool:
    """Return whether *value* is what a browser sends as the origin of a page that has one."""
    return len(value) <= MAX_ORIGIN_BYTES and _ORIGIN.fullmatch(value.decode("latin-1")) is not None


def check_origin(text: str) -> str:
    """Return *text*, which names an origin exactly as browsers send it; or is `*` or `null`.

    Raises:
        ConfigurationError: No browser would ever send it; the message says what to write.
    """
    if text in ("*", "null") or (is_origin(text.encode("utf-8", "replace")) and mend_origin(text) == text):
        return text
    if "*" in text:
        pattern = re.escape(text).replace(r"\*", r"[a-z0-9-]+")
        fix = f"allow_origins takes no patterns. Write allow_origin_regex=r{pattern!r}."
    else:
        mended = mend_origin(text)
        is_mended = is_origin(mended.encode("utf-8", "replace"))
        fix = f"Write {mended!r}." if is_mended else "Write scheme, host and port, such as 'https://example.com:8443'."
    raise ConfigurationError(
        f"allow_origins has {text!r}, which is not an origin as browsers send it: scheme and host in lower case, "
        f"the port where it is not the usual one, and nothing after that. {fix}"
    )


def mend_origin(text: str) -> str:
    """Return the origin that was probably meant by *text*."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return text
    scheme = (match[1] or "https").lower()
    # Of schemes that are not the web's own, the host is whatever an app has called itself.
    host = match[2].lower() if scheme in _DEFAULT_PORTS else match[2]
    host = host.removesuffix(_DEFAULT_PORTS.get(scheme, "\n"))
    if not host.isascii():
        host = host.encode("idna").decode() if _fits_idna(host) else host
    return f"{scheme}://{host}"


def _fits_idna(host: str) -> bool:
    """Return whether *host* can be written in ASCII (RFC 3490 §4.1)."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True
