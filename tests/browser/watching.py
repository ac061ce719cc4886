"""A page of the browser, with all that it complains about."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Response

from .serving import PATIENCE_SECONDS


class WatchedPage:
    """Drives one page, and keeps what its console says and what it is answered.

    Attributes:
        complaints: Errors and warnings of the console, and exceptions that no script caught: of blocked requests, of
            content policies, of scripts.
        responses: The status and URL of every response.
    """

    def __init__(self, page: Page) -> None:
        self.driver = page
        self.complaints: list[str] = []
        self.responses: list[tuple[int, str]] = []
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._see)

    def open(self, url: str) -> None:
        """Go to *url*, and return when all of it is there."""
        self.driver.goto(url)

    def run(self, script: str, *arguments: Any) -> Any:
        """Return what a function in JavaScript gives, or promises, for a list of arguments."""
        return self.driver.evaluate(script, list(arguments))

    def fetch(self, url: str, **options: Any) -> Any:
        """Let the page fetch *url*.

        Returns:
            Status, text and headers as the page may read them; `None` where the browser gives it nothing.
        """
        return self.run(_FETCH, url, options)

    @contextmanager
    def expect_complaint(self, *words: str) -> Iterator[None]:
        """Hold that the console complains inside of the block: once of each of *words*, and of nothing else."""
        before = len(self.complaints)
        with ExitStack() as stack:
            for word in words:
                stack.enter_context(self.driver.expect_console_message(partial(_holds, word)))
            yield
        heard, self.complaints[before:] = self.complaints[before:], []
        assert [text for text in heard if not any(word in text for word in words)] == []

    def _hear(self, message: ConsoleMessage) -> None:
        """Keep what is no mere note."""
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _see(self, response: Response) -> None:
        """Keep what was answered."""
        self.responses.append((response.status, response.url))


def _holds(word: str, message: ConsoleMessage) -> bool:
    """Return whether a message of the console holds *word*."""
    return word in message.text


_FETCH = """async ([url, options]) => {
    try {
        const response = await fetch(url, options);
        return {status: response.status, text: await response.text(), headers: Object.fromEntries(response.headers)};
    } catch (error) {
        if (error instanceof TypeError) return null;
        throw error;
    }
}"""
