"""This file is how the two sides of an exchange wake each other."""

import asyncio


class Bell:
    """Wakes all who wait; each then looks for itself whether it has what it needs."""

    __slots__ = ("_sleepers",)

    def __init__(self) -> None:
        self._sleepers: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        """Wake all who wait."""
        sleepers, self._sleepers = self._sleepers, []
        for sleeper in sleepers:
            # One that was cancelled is done already.
            if not sleeper.done():
                sleeper.set_result(None)

    async def wait(self) -> None:
        """Return when the bell rings next."""
        sleeper = asyncio.get_running_loop().create_future()
        self._sleepers.append(sleeper)
        await sleeper
