"""This file is what a row is: a request, the right answer, and what Yaat may cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Fields = tuple[tuple[bytes, bytes], ...]

#: What a browser sends with a plain GET: seven fields.
BROWSER: Fields = (
    (b"host", b"127.0.0.1:8000"),
    (b"connection", b"keep-alive"),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    (b"accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    (b"accept-language", b"en-GB,en;q=0.7,de;q=0.3"),
    (b"accept-encoding", b"gzip, deflate, br"),
    (b"upgrade-insecure-requests", b"1"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """What Yaat may cost: a multiple of what raw costs, or of what Yaat's own row *of* costs."""

    at_most: float
    aim: float
    of: str = "raw"


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What a right answer holds; a part left at its default is the framework's own affair.

    Attributes:
        json: The body as a value: frameworks differ in white space.
        headers: Fields that must be there, with the start of their value.
        texts: What a WebSocket must send once it has accepted.
    """

    status: int = 200
    body: bytes | None = None
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One kind of work.

    Attributes:
        name: That of the function in each module of ``frameworks`` that makes an app for it.
        baseline: The app of ``raw`` to compare with, where it has another name.
        streamed: The answer comes in parts.
        incoming: What a WebSocket client sends.
    """

    name: str
    title: str
    goal: Goal
    expected: Expected
    baseline: str = ""
    method: str = "GET"
    path: str = "/"
    query: bytes = b""
    headers: Fields = BROWSER
    content: bytes = b""
    streamed: bool = False
    incoming: tuple[str, ...] = ()


def browser(*fields: tuple[bytes, bytes]) -> Fields:
    """Return seven fields: the browser's first ones, then *fields*."""
    return BROWSER[: len(BROWSER) - len(fields)] + fields


def posted(content: bytes) -> Fields:
    """Return the fields of a request that posts *content* as JSON."""
    length = b"%d" % len(content)
    return browser((b"content-type", b"application/json"), (b"content-length", length))


def text_answer(body: str, *, status: int = 200, **headers: str) -> Expected:
    """Return what a plain text answer holds; ``_`` in the name of a field stands for ``-``."""
    fields = {"content-type": "text/plain"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Expected(status=status, body=body.encode(), headers=fields)


def json_answer(value: Any) -> Expected:
    return Expected(json=value, headers={"content-type": "application/json"})
