"""This file is how a call of the app is brought to its end, and how its failures reach the test."""

import warnings
from typing import NoReturn

from .errors import AppLeftBehindWarning
from .options import Library, Options
from .run import AppRun


class Supervision:
    """The care for one call of the app, whatever its protocol.

    Args:
        run: The call.
        options: How the client treats the app.
        library: Where its exceptions come from.
        limit_seconds: How long the app may take for the next thing the client waits for.
    """

    def __init__(self, run: AppRun, options: Options, library: Library, limit_seconds: float | None) -> None:
        self.run = run
        self.limit_seconds = limit_seconds
        #: Nothing is left to wait for or to tell.
        self.is_settled = False
        self._raises_errors = options.raise_server_exceptions
        self._library = library

    def settle_if_done(self) -> None:
        """Need no more care of a call that has ended as it should."""
        self.is_settled = self.run.has_ended and self._find_failure() is None

    def report(self) -> None:
        """Raise what the app did wrong, once.

        Raises:
            BaseException: Just that.
        """
        if not self.is_settled:
            self.is_settled = True
            failure = self._find_failure()
            if failure is not None:
                raise failure

    async def finish(self) -> None:
        """Wait until an app that has said all it had to say has ended.

        Raises:
            ReadTimeout: It went on beyond the limit.
            BaseException: What it did wrong.
        """
        if not await self.run.wait_end(self.limit_seconds):
            what = f"{self.run.name} was answered, but the app did not end"
            await self.give_up(what, self.limit_seconds)
        self.report()

    async def go_away(self) -> None:
        """End the app after its client has left.

        Raises:
            BaseException: What it did wrong.
        """
        doing = await self.run.dismiss(self.limit_seconds)
        self.report()
        if doing:
            warnings.warn(
                f"The client left in the middle of {self.run.name}, and the app went on until it "
                f"was cancelled.\n{doing}\n"
                "Let it look for the disconnect with receive(), or send something now and then.",
                AppLeftBehindWarning,
                stacklevel=1,
            )

    async def abandon(self) -> None:
        """End the app after its client has left, and tell nothing: there is other trouble."""
        self.is_settled = True
        await self.run.dismiss(self.limit_seconds)

    async def give_up(self, what: str, limit_seconds: float | None) -> NoReturn:
        """End an app that keeps its client waiting.

        Raises:
            ReadTimeout: Always; it says where the app stands.
        """
        standing = self.run.describe()
        await self.abandon()
        raise self._library.ReadTimeout(
            f"{what} within {limit_seconds} s.\n{standing}\n"
            "Mend what it waits for, or give it longer; timeout_seconds=None waits for ever."
        )

    def _find_failure(self) -> BaseException | None:
        return self.run.find_failure(with_errors=self._raises_errors)
