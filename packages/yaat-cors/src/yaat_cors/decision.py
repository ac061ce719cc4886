"""This file is the decision: from a policy and what a request says to the fields of its response.

The law here: nothing waits, nothing is kept, and nothing that came from outside goes into a field unless the policy
allows it. What a response depends on is named in Vary, whether the request had it or not (Fetch standard, "CORS
protocol and HTTP caches").
"""

import re
from collections.abc import Iterable

from yaat.record import frozen

from .origin import is_origin
from .policy import ALLOW_ORIGIN, EXPOSE_HEADERS, SAFELISTED_HEADERS, Field, Policy

#: Longer lists of requested headers are refused unread; servers limit all headers together to a few times that.
MAX_REQUESTED_BYTES = 8192
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9a-z]+")
#: What the answer to a preflight depends on.
_QUESTION = (
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Private-Network",
)


@frozen
class Preflight:
    """What a browser asks before it sends a request (Fetch standard, "CORS-preflight request").

    Attributes:
        origin: Empty where it is malformed.
        method: Of the request to come; empty where it is malformed.
        headers: The names of the headers to come, separated by commas.
        private_network: Whether the page comes from a more public network than the server is in.
    """

    origin: bytes
    method: str
    headers: bytes = b""
    private_network: bool = False


@frozen
class Verdict:
    """The answer to a preflight.

    Attributes:
        fields: Of the response; they never hold more than the policy allows.
        refused: What is not allowed, in words for a person; nothing when the request may come.
    """

    fields: tuple[Field, ...]
    refused: tuple[str, ...] = ()


def read_origin(fields: Iterable[Field]) -> bytes | None:
    """Return the origin that the headers of a request name: `None` for none, an empty one where there are several."""
    origin = None
    for name, value in fields:
        if name == b"origin":
            if origin is not None:
                return b""
            origin = value
    return origin


def read_preflight(fields: Iterable[Field]) -> Preflight | None:
    """Return what the headers of an OPTIONS request ask, or `None` if it is no preflight."""
    fields = list(fields)
    origin = read_origin(fields)
    methods = [value for name, value in fields if name == b"access-control-request-method"]
    if origin is None or not methods:
        return None
    return Preflight(
        origin=origin,
        method=methods[0].decode("latin-1") if len(methods) == 1 else "",
        headers=b",".join(value for name, value in fields if name == b"access-control-request-headers"),
        private_network=(b"access-control-request-private-network", b"true") in fields,
    )


def decide(policy: Policy, origin: bytes | None) -> tuple[Field, ...]:
    """Return what a response says to a page of *origin*: nothing unless that is allowed."""
    if policy.is_public:
        return policy.granted
    if origin is not None and _is_allowed(policy, origin):
        return ((ALLOW_ORIGIN, origin), *policy.granted)
    return ()


def decide_preflight(policy: Policy, preflight: Preflight) -> Verdict:
    """Return the answer to *preflight*."""
    allowed = decide(policy, preflight.origin)
    vary = (b"vary", ", ".join((*("Origin",) * (not policy.is_public), *_QUESTION)).encode())
    if not allowed:
        return Verdict(fields=(vary,), refused=("origin",))
    names = _parse_names(preflight.headers)
    checks = {
        "method": preflight.method in policy.allow_methods,
        "headers": names is not None and _are_allowed(policy, names),
        "private network": policy.allow_private_network or not preflight.private_network,
    }
    refused = tuple(what for what, is_allowed in checks.items() if not is_allowed)
    fields = [
        *(field for field in allowed if field[0] != EXPOSE_HEADERS),
        (b"access-control-allow-methods", ", ".join(policy.allow_methods).encode()),
        (b"access-control-allow-headers", b", ".join(_list_allowed(policy, names or []))),
    ]
    if preflight.private_network and policy.allow_private_network:
        fields.append((b"access-control-allow-private-network", b"true"))
    if not refused:
        fields.append((b"access-control-max-age", b"%d" % policy.max_age))
    return Verdict(fields=(*fields, vary), refused=refused)


def _is_allowed(policy: Policy, origin: bytes) -> bool:
    """Return whether pages of *origin* may do what a policy that is not public allows."""
    if origin in policy.origins and origin != b"*":
        return True
    if not is_origin(origin):
        return False
    if b"*" in policy.origins:
        return True
    return policy.pattern is not None and policy.pattern.fullmatch(origin.decode()) is not None


def _parse_names(value: bytes) -> list[bytes] | None:
    """Return the names of a list in lower case, each once, or `None` if one is no name (RFC 9110 §5.6.1)."""
    if len(value) > MAX_REQUESTED_BYTES:
        return None
    names = dict.fromkeys(name.strip(b" \t").lower() for name in value.split(b","))
    names.pop(b"", None)
    return list(names) if all(map(_NAME.fullmatch, names)) else None


def _are_allowed(policy: Policy, names: Iterable[bytes]) -> bool:
    """Return whether a page may send all headers of *names*, which are in lower case."""
    if "*" in policy.allow_headers:
        return True
    return {name.decode() for name in names} <= {*policy.allow_headers, *SAFELISTED_HEADERS}


def _list_allowed(policy: Policy, names: Iterable[bytes]) -> list[bytes]:
    """Return the names of the headers that a page may send.

    Where all may be sent, `*` does not mean `Authorization`, and with credentials it is a mere name (Fetch standard,
    "CORS-preflight fetch"): then they are those that were asked for.
    """
    if "*" not in policy.allow_headers:
        return sorted(name.encode() for name in {*policy.allow_headers, *SAFELISTED_HEADERS})
    if not policy.allow_credentials:
        return [b"*", b"authorization"]
    return sorted({*names, *(name.encode() for name in policy.allow_headers if name != "*")})
