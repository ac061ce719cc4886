"""This file is what is raised when a template, or a block of one, is not there."""

from collections.abc import Callable, Iterable

import jinja2

from yaat.similar import list_similar

#: So many names are listed when none is similar.
MAX_NAMES = 20


class TemplateMissing(jinja2.TemplateNotFound):
    """No template of that name is anywhere; the message says where was looked, and what is there.

    It is Jinja's own exception for this, so `{% include … ignore missing %}` works as always.

    Args:
        name: What was asked for.
        places: Where was looked, in that order.
        list_names: Gives the names of all templates. It may take long, so only the message asks for it.
    """

    def __init__(self, name: str, places: Iterable[str], list_names: Callable[[], Iterable[str]]) -> None:
        super().__init__(name)
        self.places = tuple(places)
        self._list_names = list_names

    def __str__(self) -> str:
        lines = [f"There is no template {self.name!r}."]
        if self.places:
            lines += ["Searched, in this order:", *(f"    {place}" for place in self.places)]
        else:
            lines += ["There is no folder to search: give one, as in TemplatesPlugin('views')."]
        return "\n".join([*lines, suggest(str(self.name), self._list_names(), label="Templates")])


class BlockMissing(jinja2.TemplateError, LookupError):
    """A template has no block of the name that was asked for; the message says which it has."""

    def __init__(self, block: str, template: str | None, names: Iterable[str]) -> None:
        hint = suggest(block, names, label="Blocks")
        super().__init__(f"The template {template!r} has no block {block!r}. {hint}")


def suggest(word: str, known: Iterable[str], *, label: str) -> str:
    """Return a sentence that leads from a misspelt word to the right one.

    Args:
        word: What was written.
        known: What could have been written.
        label: What the known words are.
    """
    words = sorted(known)
    similar = list_similar(word, words, count=3, cutoff=0.5)
    if similar:
        return f"Did you mean {' or '.join(map(repr, similar))}?"
    if not words:
        return f"{label} there: none."
    more = f" and {len(words) - MAX_NAMES} more" if len(words) > MAX_NAMES else ""
    return f"{label} there: {', '.join(words[:MAX_NAMES])}{more}."
