"""What a browser does with the answers: the algorithms of the Fetch standard, written down anew for tests."""

from collections.abc import Callable, Iterable
from typing import Any

SAFELISTED_METHODS = {"GET", "HEAD", "POST"}


def passes_cors_check(answer: Any, origin: str, *, with_credentials: bool) -> bool:
    """Return whether a page of *origin* may read *answer* (Fetch standard, "CORS check")."""
    named = answer.get("access-control-allow-origin")
    if named is None:
        return False
    if not with_credentials and named == "*":
        return True
    if named != origin:
        return False
    return not with_credentials or answer.get("access-control-allow-credentials") == "true"


def passes_preflight(
    fetch: Callable[..., Any],
    app: Any,
    path: str,
    origin: str,
    method: str,
    *,
    headers: Iterable[str] = (),
    with_credentials: bool = False,
) -> bool:
    """Return whether a browser goes on after asking (Fetch standard, "CORS-preflight fetch")."""
    names = sorted(name.lower() for name in headers)
    fields = [("access-control-request-headers", ",".join(names))] if names else []
    answer = fetch(app, path, origin=origin, asks=method, fields=fields)
    if not (passes_cors_check(answer, origin, with_credentials=with_credentials) and 200 <= answer.status <= 299):
        return False
    methods = _list_values(answer, "access-control-allow-methods")
    allowed = {name.lower() for name in _list_values(answer, "access-control-allow-headers")}
    is_wild = not with_credentials
    if method not in methods and method not in SAFELISTED_METHODS and not (is_wild and "*" in methods):
        return False
    return all(
        name in allowed or (is_wild and "*" in allowed and name != "authorization")  # "CORS non-wildcard name"
        for name in names
    )


def list_readable(answer: Any, *, with_credentials: bool) -> set[str]:
    """Return the headers of *answer* that a page may read (Fetch standard, "CORS-exposed header-name list")."""
    exposed = {name.lower() for name in _list_values(answer, "access-control-expose-headers")}
    names = {name for name, _ in answer.fields}
    if "*" in exposed and not with_credentials:
        return names
    return names & (exposed | {"cache-control", "content-language", "content-length", "content-type", "expires"})


def _list_values(answer: Any, name: str) -> list[str]:
    """Return the members of a list-based header."""
    text = answer.get(name) or ""
    return [member.strip() for member in text.split(",") if member.strip()]
