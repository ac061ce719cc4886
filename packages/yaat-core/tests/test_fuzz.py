"""As `test_hostile`, but many times quicker and without shrinking: as many clients as there is time for.

`YAAT_FUZZ_SECONDS=600 pytest tests/test_fuzz.py -s` looks longer, and says how many came. A failure names a seed; with
`YAAT_FUZZ_SEED` set to that, the same clients come again.
"""

import asyncio
import os
import time
from itertools import count
from random import Random
from urllib.parse import unquote

import pytest

from yaat import Yaat
from yaat.asgi import Scope

from .asgi_driver import ask
from .test_hostile import APPS, KNOWN_HEADERS, LIMIT, PLACES, WORDS, Client, Ledger, ledger, visit

__all__ = ["ledger"]  # A fixture.

SECONDS = float(os.environ.get("YAAT_FUZZ_SECONDS", "2")) / len(APPS)
#: For each seed.
VISITS = 100
SEED = os.environ.get("YAAT_FUZZ_SEED")

ODD = ["", ".", "..", "%2F", "%2e%2e", "%00", "%", "%zz", "%ff", "%C3%A9", "%0D%0A", "%ED%A0%80", "٣", "é", "a b", "//"]
BODIES = [
    b'{"a": [1, 2.5]}',
    b"[" * 120,
    b'"\\ud800"',
    b"NaN",
    b"1e999",
    b"{",
    b"a=1&b=%C3%A9",
    b"&" * 150,
    b"x" * LIMIT,
]
QUERIES = [b"", b"a=1&a=2", b"%", b"a=%ff", b"&&=&", b"a" * 3000, b"&" * 2000]
METHODS = ["GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "OPTIONS", "QUERY", "BREW", "get", "!"]


class Hand:
    """Deals what hostile clients send.

    Args:
        seed: The same seed deals the same.
    """

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)
        self.pick = self._random.choice

    def maybe(self, share: float) -> bool:
        """Return `True` in so many of all cases, 0 to 1."""
        return self._random.random() < share

    def deal_bytes(self, most: int) -> bytes:
        return self._random.randbytes(self._random.randint(0, most))

    def deal_segment(self) -> str:
        kind = self._random.random()
        if kind < 0.6:
            return self.pick(WORDS.split())
        if kind < 0.8:
            return self.pick(ODD)
        return "".join(chr(self._random.choice((0x2F, 0x41, 0xE9, 0x2028, 0x1F600)) + n) for n in self.deal_bytes(3))

    def deal_path(self) -> str:
        place = self.pick(PLACES.split())
        while "?" in place:
            place = place.replace("?", self.deal_segment(), 1)
        return place if self.maybe(0.9) else place + "/" + self.deal_segment()

    def deal_header(self) -> tuple[bytes, bytes]:
        name = self.pick(sorted(KNOWN_HEADERS))
        value = self.pick(KNOWN_HEADERS[name])
        if self.maybe(0.3):  # Bytes that servers let through (RFC 9110 §5.5).
            value = (value + self.deal_bytes(40)).translate(None, b"\r\n\0")
        return name, value

    def deal_client(self) -> Client:
        """Return a client that sends anything that a server could let through."""
        raw = self.deal_path()
        root = self.pick(["", "", "", "", "/app", "/app/", "/é", raw])
        path = root + unquote(raw)
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.5"},
            "http_version": self.pick(["1.0", "1.1", "2"]),
            "method": self.pick(METHODS),
            "scheme": "http",
            "path": path if self.maybe(0.95) else self.pick([path.lstrip("/"), "*", ""]),
            "raw_path": (root + raw if self.maybe(0.9) else path).encode("utf-8", "replace"),
            "root_path": root,
            "query_string": self.pick(QUERIES) if self.maybe(0.7) else self.deal_bytes(30),
            "headers": [self.deal_header() for _ in range(self._random.randint(0, 5))],
            "client": ("127.0.0.1", 5000),
            "server": ("127.0.0.1", 8000),
        }
        if self.maybe(0.1):
            del scope["raw_path"]
        if self.maybe(0.1):
            scope["extensions"] = {"http.response.early_hint": {}}
        chunks = [
            self.pick([*BODIES, b"x" * LIMIT]) if self.maybe(0.6) else self.deal_bytes(20)
            for _ in range(self._random.randint(1, 3))
        ]
        leaves_after = self._random.randint(0, 4) if self.maybe(0.15) else None
        hears = self._random.randint(0, 3) if self.maybe(0.15) else None
        return Client(scope, chunks, leaves_after, hears)


@pytest.mark.parametrize("name", APPS)
def test_as_many_clients_as_there_is_time_for(name: str, ledger: Ledger) -> None:
    """Each gets one well-formed response, nothing is left of it, and no mistake of Yaat's is logged."""
    app: Yaat = APPS[name]()
    app.build()
    seeds = (f"{time.time_ns()}" for _ in count()) if SEED is None else iter([SEED])
    number, end = 0, time.monotonic() + SECONDS
    ledger.mistakes.clear()
    with asyncio.Runner() as runner:
        for seed in seeds:
            try:
                runner.run(visit_often(app, Hand(seed)))
                assert ledger.mistakes == []
            except BaseException as error:
                error.add_note(f"To see it again: YAAT_FUZZ_SEED={seed}")
                raise
            number += VISITS
            if time.monotonic() > end:
                break
    print(f"\n{name}: {number} clients")
    assert ask(app, "GET", "/static/path").text == "static"


async def visit_often(app: Yaat, hand: Hand) -> None:
    """Let the clients that *hand* deals visit, one after the other."""
    for _ in range(VISITS):
        await visit(app, hand.deal_client())
