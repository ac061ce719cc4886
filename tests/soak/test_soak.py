"""The last requests cost what the first did, in time and in memory. It prints the figures.

`nox -s soak` sends a million; `nox -s soak -- 50000` so many.
"""

import asyncio
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

import pytest

pytest.importorskip("msgspec", reason="the app needs every package")

from yaat import Yaat

from .mixed_app import make_app, write_files
from .visiting import ROWS, deal_visit, started

REQUESTS = int(os.environ.get("YAAT_SOAK_REQUESTS", "5_000"))
TENTHS = 10
#: What is timed at a time. A tenth costs what the median of its batches does: others have use for the machine, too.
BATCH = 100
#: What the median may differ by on a busy machine. What grows by a request in a thousand would be twice as slow.
MAX_RATIO = 1.5
#: What the process may hold more than after its first tenth, which fills pools and caches.
MAX_GROWTH_BYTES = 8_000_000


@dataclass(frozen=True, kw_only=True)
class Tenth:
    """What one tenth of the requests has cost.

    Attributes:
        seconds: Of the processor, for one request.
        resident_bytes: What the process has in memory afterwards.
    """

    seconds: float
    resident_bytes: int

    def __str__(self) -> str:
        return f"{self.seconds * 1e6:7.1f} µs  {self.resident_bytes / 1e6:7.1f} MB"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Yaat]:
    """The app; what its handlers raise is not logged."""
    write_files(tmp_path)
    app = make_app(tmp_path)
    logging.disable(logging.CRITICAL)
    yield app
    logging.disable(logging.NOTSET)


def test_last_requests_cost_what_the_first_did(app: Yaat) -> None:
    """Nothing adds up: neither time nor memory."""
    tenths = asyncio.run(visit_in_tenths(app))
    print(f"\n{TENTHS * (REQUESTS // TENTHS)} requests of {len(ROWS)} kinds", *tenths, sep="\n")
    first, last = tenths[1], tenths[-1]  # In the very first tenth pools and caches are filled.
    print(f"last ÷ second: {last.seconds / first.seconds:.3f}")
    assert last.seconds / first.seconds < MAX_RATIO
    assert last.resident_bytes - first.resident_bytes < MAX_GROWTH_BYTES


async def visit_in_tenths(app: Yaat) -> list[Tenth]:
    """Let clients visit; each tenth of them asks for the same."""
    async with started(app):
        return [await visit_for_a_tenth(app, Random(1)) for _ in range(TENTHS)]


async def visit_for_a_tenth(app: Yaat, random: Random) -> Tenth:
    """Let a tenth of all clients visit."""
    batches = []
    for _ in range(REQUESTS // TENTHS // BATCH):
        begin = time.process_time()
        for _ in range(BATCH):
            visit, row, stays = deal_visit(random)
            status = await visit.make(app)
            assert not stays or status == row.status, row
        batches.append((time.process_time() - begin) / BATCH)
    return Tenth(seconds=median(batches), resident_bytes=read_resident_bytes())


def read_resident_bytes() -> int:
    """Return how much memory this process has now; 0 where the system does not tell."""
    path = Path("/proc/self/statm")
    return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if path.exists() else 0
