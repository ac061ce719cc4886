"""This file is the life of an app: its start before the first request, its stop after the last."""

import asyncio
import warnings
from typing import Any, Literal, NoReturn

from .asgi import ASGIApp, Message
from .errors import LifespanError
from .options import Options
from .run import AppRun
from .scopes import make_lifespan_scope

Stage = Literal["startup", "shutdown"]


class LifespanExchange:
    """What has been said between server and app about start and stop: plain state, no waiting."""

    #: The server never leaves.
    has_left = False
    has_noticed = False

    def __init__(self) -> None:
        self.stage: Stage = "startup"
        #: The messages of `complete` and `failed`, by stage: `None` for a success.
        self.outcomes: dict[Stage, str | None] = {}
        self.was_asked = False

    def next_given(self) -> Message | None:
        """Return the message of the present stage, once."""
        if self.was_asked:
            return None
        self.was_asked = True
        return {"type": f"lifespan.{self.stage}"}

    def holds_back(self, message: Message) -> bool:
        """Nothing is ever held back."""
        return False

    def apply_sent(self, message: Message) -> None:
        """Take the app's answer; what makes no sense now is lost, as on a server."""
        match message.get("type"):
            case "lifespan.startup.complete" | "lifespan.shutdown.complete":
                self.outcomes.setdefault(self.stage, None)
            case "lifespan.startup.failed" | "lifespan.shutdown.failed":
                self.outcomes.setdefault(self.stage, message.get("message", ""))

    def describe_next(self) -> str:
        """Return in words what a waiting `receive` waits for."""
        return "lifespan.shutdown comes when the client is closed"

    def is_answered(self) -> bool:
        """Tell whether the app has answered the present stage."""
        return self.stage in self.outcomes

    def shut_down(self) -> None:
        """Go on to the last stage."""
        self.stage = "shutdown"
        self.was_asked = False


class Lifespan:
    """The lifespan of one app.

    Args:
        app: The app.
        options: How the client treats it.
        state: What the app may fill, for its requests to find.
    """

    def __init__(self, app: ASGIApp, options: Options, state: dict[str, Any]) -> None:
        self._options = options
        self._exchange = LifespanExchange()
        scope = make_lifespan_scope(state)
        self._run = AppRun(app, scope, self._exchange, strict=options.strict)
        self._is_running = False

    async def start(self) -> None:
        """Start the app; go on without, as servers do, if it does not know the protocol.

        Raises:
            LifespanError: The app said that it failed, or did not answer in time; or it has no
                lifespan and the options insist on one.
            ASGIViolation: It broke the specification.
        """
        self._run.start()
        await self._wait_answer()
        failure = self._run.find_failure(with_errors=False)
        if failure is not None:
            raise failure
        if not self._exchange.is_answered():
            self._accept_silence()
        elif self._exchange.outcomes["startup"] is not None:
            await self._raise_failure()
        else:
            self._is_running = True

    async def stop(self) -> None:
        """Stop the app, if it was started, and wait until it has returned.

        Raises:
            LifespanError: The app said that it failed, or did not answer in time.
            BaseException: Whatever it raised instead.
        """
        if not self._is_running:
            return
        self._is_running = False
        if not self._run.has_ended:
            self._exchange.shut_down()
            self._run.wake()
            await self._wait_answer()
        if self._exchange.outcomes.get("shutdown") is not None:
            await self._raise_failure()
        await self._run.wait_end(self._options.timeout_seconds)
        await self._run.cancel()
        failure = self._run.find_failure(with_errors=True)
        if failure is not None:
            raise failure

    async def _wait_answer(self) -> None:
        limit = self._options.timeout_seconds
        try:
            is_timely = await self._run.wait_until(self._exchange.is_answered, limit)
        except asyncio.CancelledError:
            await self._run.cancel()
            raise
        if not is_timely:
            doing = await self._run.cancel()
            raise LifespanError(
                f"The app did not answer lifespan.{self._exchange.stage} within {limit} s.\n{doing}\n"
                "Mend what it waits for, or give it longer; timeout_seconds=None waits for ever."
            )

    async def _raise_failure(self) -> NoReturn:
        stage = self._exchange.stage
        message = self._exchange.outcomes[stage]
        await self._run.wait_end(self._options.timeout_seconds)
        await self._run.cancel()
        verb = "start" if stage == "startup" else "stop"
        raise LifespanError(f"The app failed to {verb}: {message}") from self._run.error

    def _accept_silence(self) -> None:
        """Go on with an app that ended without an answer, if the options allow that."""
        error = self._run.error
        did = "returned without an answer" if error is None else f"raised {error!r}"
        if self._options.lifespan == "on":
            raise LifespanError(
                f"The app {did} when it was called with the scope type 'lifespan'.\n"
                "Let it answer lifespan.startup, or use lifespan='auto' to go on without."
            ) from error
        if error is not None and self._exchange.was_asked:
            # Servers take it for an app without lifespan, so this must be no error; but it had
            # asked for the message, so it is more likely a mistake.
            warnings.warn(
                f"The app {did} while it was starting. Servers go on after that, and so does this "
                "client. Use lifespan='on' to make it an error.",
                RuntimeWarning,
                stacklevel=1,
            )
