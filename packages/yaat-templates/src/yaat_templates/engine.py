"""This file is what a template engine has to be able to do for Yaat; Jinja is one, others can take its place."""

from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Engine(Protocol):
    """Makes text of the name of a template and a context. Plugins give one by the hook `yaat_templates_engine`."""

    def render(self, name: str, context: Mapping[str, Any], block: str | None = None) -> str | Awaitable[str]:
        """Return the text, or an awaitable of it.

        Args:
            name: Of the template.
            context: All that the template can use; it belongs to the engine from now on.
            block: Only this block of the template.
        """

    def stream(
        self, name: str, context: Mapping[str, Any], block: str | None = None
    ) -> Iterable[str] | AsyncIterator[str]:
        """Return the text in pieces of any length, each made when it is asked for.

        Whether the template is there shows when this is called, not when the first piece is asked for.
        """


class Loader(Protocol):
    """Knows where templates are: a `SearchPath`."""

    @property
    def places(self) -> Sequence[str]:
        """Where is looked, in words."""

    def read(self, name: str) -> str:
        """Return the text of a template.

        Raises:
            TemplateMissing: It is nowhere.
        """

    def list_templates(self) -> Sequence[str]:
        """Return the names of all templates, sorted, as far as one can tell."""
