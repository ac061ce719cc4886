"""How the two sides of an exchange wake each other."""

import asyncio

import pytest

from yaat_testclient.bell import Bell

pytestmark = pytest.mark.anyio


async def test_all_who_wait_wake() -> None:
    """One ring is for everybody."""
    bell = Bell()
    sleepers = [asyncio.create_task(bell.wait()) for _ in range(3)]
    await asyncio.sleep(0)
    bell.ring()
    await asyncio.gather(*sleepers)


async def test_who_comes_after_the_ring_waits_for_the_next() -> None:
    """A ring is not kept."""
    bell = Bell()
    bell.ring()
    sleeper = asyncio.create_task(bell.wait())
    await asyncio.sleep(0)
    assert not sleeper.done()
    bell.ring()
    await sleeper


async def test_who_has_given_up_is_passed_over() -> None:
    """A cancelled sleeper disturbs nobody."""
    bell = Bell()
    quitter, sleeper = (asyncio.create_task(bell.wait()) for _ in range(2))
    await asyncio.sleep(0)
    quitter.cancel()
    await asyncio.sleep(0)
    bell.ring()
    await sleeper
