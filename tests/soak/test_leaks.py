"""Nothing is left of requests, whatever they were, and whenever their clients left."""

import asyncio
import json
import logging
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

pytest.importorskip("msgspec", reason="the app needs every package")

from yaat import Yaat

from .census import Census
from .cycles import describe_cycles, garbage
from .mixed_app import make_app, write_files
from .network import visit_at
from .serving import Server
from .visiting import ROWS, Row, Visit, deal_visit, started

#: Without an argument some, for CI; a million requests are ten thousand here.
VISITS = int(os.environ.get("YAAT_SOAK_REQUESTS", "100_000")) // 100
#: How clients visit: to the end; leaving before or after they have sent something; breaking off the answer.
WAYS: list[dict[str, int]] = [{}, {"leaves_after": 0}, {"leaves_after": 1}, {"hears": 0}, {"hears": 1}]
#: Circles that are not ours: what is in them, and why they are there.
KNOWN = {
    "_get_class_mro_and_typevar_mappings": "msgspec makes one whenever it is asked for the fields of a model",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the app serves."""
    path = tmp_path_factory.mktemp("soak")
    write_files(path)
    return path


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[Yaat]:
    """The app, built; what handlers raise on purpose is not logged, since a log keeps it."""
    app = make_app(folder)
    app.build()
    logging.disable(logging.CRITICAL)
    yield app
    logging.disable(logging.NOTSET)


async def visit_in_every_way(app: Yaat, row: Row) -> None:
    """Let clients visit, and everything of theirs end."""
    for way in WAYS:
        await Visit(row, **way).make(app)
        for _ in range(10):
            await asyncio.sleep(0)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all requests, as on a server."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_visits_leave_no_circle(row: Row, app: Yaat, runner: asyncio.Runner) -> None:
    """All that a request was is freed when it is over, and nothing is left for the garbage collector."""
    runner.run(visit_in_every_way(app, row))
    with garbage() as found:
        runner.run(visit_in_every_way(app, row))
    circles = sorted(circle for circle in describe_cycles(found) if not any(word in circle for word in KNOWN))
    found.clear()
    assert circles == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_visits_are_answered(row: Row, app: Yaat, runner: asyncio.Runner) -> None:
    """What is counted here is what it is taken for."""
    assert runner.run(Visit(row).make(app)) == row.status


async def visit_often(app: Yaat, random: Random, count: int) -> None:
    """Let clients visit at random."""
    for _ in range(count):
        visit, row, stays = deal_visit(random)
        status = await visit.make(app)
        assert not stays or status == row.status, row


def test_nothing_grows_in_process(app: Yaat, runner: asyncio.Runner) -> None:
    """Neither tasks, nor threads, nor open files, nor objects of any type."""

    async def compare() -> list[str]:
        async with started(app):
            for row in ROWS * 2:  # Fills what is filled once: pools of threads, caches.
                await visit_in_every_way(app, row)
            before = await Census.take()
            await visit_often(app, Random(2), VISITS)
            return before.list_growth(await Census.take(), visits=VISITS)

    assert runner.run(compare()) == []


def test_nothing_grows_in_a_server(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With connections that are kept, closed and broken off at any moment."""
    pytest.importorskip("uvicorn")
    monkeypatch.setenv("SOAK_FOLDER", str(folder))
    server = Server("uvicorn", "soak.census_app:app", tmp_path / "ledger")
    try:
        before, after = asyncio.run(compare_at(server.port, VISITS // 2))
    finally:
        server.kill()
    assert before.list_growth(after, visits=VISITS // 2) == []


async def compare_at(port: int, visits: int) -> tuple[Census, Census]:
    """Return what a server holds before and after so many visits."""
    await visit_at(port, Random(1), visits // 4)
    before = await read_census(port)
    await visit_at(port, Random(2), visits)
    return before, await read_census(port)


async def read_census(port: int) -> Census:
    """Return what the server says that it holds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /-/census HTTP/1.1\r\nhost: soak\r\nconnection: close\r\n\r\n")
    content: dict[str, Any] = json.loads((await reader.read()).partition(b"\r\n\r\n")[2])
    writer.close()
    return Census(**{**content, "objects": Counter(content["objects"])})
