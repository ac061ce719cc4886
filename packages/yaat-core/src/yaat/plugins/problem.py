"""This file is how it is said that plugins cannot be used: an error for each reason, a group for all."""

import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from ..exceptions import ConfigurationError, PluginError
from ..provenance import APP, CORE, Owner, Source
from ..similar import find_similar


class PluginWarning(UserWarning):
    """An installed plugin was left out, or something about the plugins is probably not meant."""


class BrokenPlugin(PluginError):
    """One plugin cannot be used, for one reason.

    Args:
        owner: The plugin, with what is known of its distribution.
        what: How the sentence goes on that begins with the plugin, without the full stop.
        fix: A sentence that says how to mend it. How to go without the plugin is added.
        where: The line that the mistake is in.
    """

    def __init__(self, owner: Owner, what: str, *, fix: str, where: Source | None = None) -> None:
        self.owner = owner
        who = str(owner)
        place = f"\n    at {where}" if where else ""
        sentence = f"{who[0].upper()}{who[1:]} {what.rstrip('.')}."
        super().__init__(f"{sentence}{place}\n{fix}\n{switch_off(owner)}")


class PluginErrors(ConfigurationError, ExceptionGroup[ConfigurationError]):
    """Everything that is wrong with the plugins. None of them has taken effect."""

    @property
    def errors(self) -> tuple[ConfigurationError, ...]:
        """Its errors, each for one reason."""
        return tuple(error for error in self.exceptions if isinstance(error, ConfigurationError))

    # Only errors of the set-up are ever in it, so it takes no others.
    def derive(self, errors: Sequence[ConfigurationError], /) -> Self:  # type: ignore[override]  # see above
        """Return a group like this one over other errors; `split` and `except*` ask for it."""
        return type(self)(self.message, errors)


def raise_together(errors: Iterable[ConfigurationError]) -> None:
    """Raise one group over all *errors*, or do nothing when there are none.

    Raises:
        PluginErrors: There are some.
    """
    found = list(errors)
    if found:
        count = "A problem" if len(found) == 1 else f"{len(found)} problems"
        raise PluginErrors(f"{count} with plugins; none of them has taken effect", found)


@contextmanager
def gather(errors: list[ConfigurationError]) -> Iterator[None]:
    """Put plugin errors that are raised inside on a list, so that the next plugin has its turn."""
    try:
        yield
    except PluginErrors as group:
        errors.extend(group.errors)
    except PluginError as error:
        errors.append(error)


def excuse(errors: PluginErrors, excusable: Collection[str]) -> dict[str, BrokenPlugin]:
    """Return the errors by the plugin to leave out, having warned of each.

    Args:
        errors: What went wrong.
        excusable: The names of the plugins that the app can do without.

    Raises:
        PluginErrors: *errors*, because one of them is not the fault of such a plugin.
    """
    excused = [error for error in errors.errors if isinstance(error, BrokenPlugin) and error.owner.plugin in excusable]
    if len(excused) < len(errors.errors):
        raise errors
    for error in excused:
        warnings.warn(f"Left out: {error}", PluginWarning, stacklevel=2)
    return {error.owner.plugin: error for error in excused}


@contextmanager
def blame_plugins() -> Iterator[None]:
    """Raise an error that plugins have a part in as one of plugins, with how to go without each of them.

    Raises:
        PluginErrors: With that error alone.
    """
    try:
        yield
    except ConfigurationError as error:
        plugins = dict.fromkeys(owner for owner in error.owners if owner not in (APP, CORE))
        if plugins:
            error.args = ("\n".join([str(error), *map(switch_off, plugins)]),)
            raise_together([error])
        raise


def switch_off(owner: Owner) -> str:
    """Return the sentence that says how to go without a plugin."""
    name = owner.plugin
    return f'To go without it: Yaat(block=["{name}"]), or YAAT_BLOCK={name} in the environment.'


def suggest(word: str, known: Iterable[str], *, label: str) -> str:
    """Return a sentence that leads from a misspelt word to the right one.

    Args:
        word: What was written.
        known: What could have been written.
        label: What the known words are, such as `The hooks`.
    """
    words = sorted(known)
    similar = find_similar(word, words)
    if similar:
        return f"Did you mean {similar!r}?"
    return f"{label} are: {', '.join(words)}." if words else f"{label}: there are none."


def find_raise_site(error: BaseException) -> Source | None:
    """Return the line of somebody else's code that led to *error*: the first one outside Yaat's core."""
    if isinstance(error, SyntaxError) and error.filename:
        return Source(error.filename, error.lineno or 0)
    step: TracebackType | None = error.__traceback__
    while step is not None and _is_machinery(step.tb_frame.f_globals.get("__name__", "")):
        step = step.tb_next
    return Source(step.tb_frame.f_code.co_filename, step.tb_lineno) if step else None


def _is_machinery(module: str) -> bool:
    """Whether a frame of *module* only carries out what somebody else asked for."""
    return module.partition(".")[0] in ("importlib", "yaat")
