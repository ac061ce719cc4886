"""This file is how a command says that it cannot do what it was asked: one sentence, and the fix."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import IO, Any

import click


class CommandFailed(click.ClickException):
    """A command cannot go on.

    Args:
        message: What happened, and where.
        fix: What to write or do instead.
    """

    def __init__(self, message: str, fix: str = "") -> None:
        self.fix = fix
        super().__init__("\n".join(filter(None, (message, fix))))

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message to the standard error stream."""
        click.echo(f"{click.style('Error:', fg='red')} {self.message}", file=file, err=True)


def suggest(word: str, known: Iterable[str], *, label: str) -> str:
    """Return a sentence that leads from a misspelt word to the right one.

    Args:
        word: What was written.
        known: What could have been written.
        label: What the known words are, such as `The plugins`.
    """
    words = sorted(known)
    similar = get_close_matches(word, words, n=1)
    if similar:
        return f"Did you mean {similar[0]!r}?"
    return f"{label} are: {', '.join(words)}." if words else f"{label}: there are none."
