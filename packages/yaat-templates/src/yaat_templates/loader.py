"""This file is where templates are looked for: the app's places first, then those of the plugins."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from yaat.exceptions import ConfigurationError

from .exceptions import TemplateMissing
from .options import Source

#: What `Source` is, for `isinstance`.
SOURCES: tuple[type[Any], ...] = (str, os.PathLike, Mapping, jinja2.BaseLoader)


class SearchPath(jinja2.ChoiceLoader):
    """The places where templates are, in order: the first that has a name wins.

    It is a loader for Jinja; other engines ask it with `read`.

    Args:
        sources: Folders, mappings of names to texts, or loaders. A relative folder lies below the working folder.

    Raises:
        ConfigurationError: A folder does not exist, or a source is none.
    """

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        super().__init__([_make_loader(source) for source in sources])
        self._environment = jinja2.Environment()  # for `read`: loaders want one, though it changes nothing

    @property
    def places(self) -> list[str]:
        """Where is looked, in words."""
        return [place for loader in self.loaders for place in _describe(loader)]

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the text of a template, its file and whether that is still the newest, as Jinja asks for them.

        Raises:
            TemplateMissing: It is nowhere.
        """
        try:
            return super().get_source(environment, template)
        except jinja2.TemplateNotFound:
            raise self._miss(template) from None

    def load(
        self,
        environment: jinja2.Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,
    ) -> jinja2.Template:
        """Return a template, compiled.

        Raises:
            TemplateMissing: It is nowhere.
        """
        try:
            template = super().load(environment, name, globals)
        except jinja2.TemplateNotFound:
            raise self._miss(name) from None
        # PERF: Jinja copies them for every page; to copy its ChainMap is a third of a small page (row "Jinja2 page").
        # They are complete by now: Jinja's documentation allows changes only until the first template is loaded.
        template.globals = dict(template.globals)
        return template

    def read(self, name: str) -> str:
        """Return the text of a template.

        Raises:
            TemplateMissing: It is nowhere.
        """
        return self.get_source(self._environment, name)[0]

    def list_templates(self) -> list[str]:
        """Return the names of all templates, sorted, as far as the loaders can tell."""
        return sorted({name for loader in self.loaders for name in _list_names(loader)})

    def _miss(self, name: str) -> TemplateMissing:
        """Return the error for a name that is nowhere."""
        return TemplateMissing(name, self.places, self.list_templates)


def list_sources(directory: Source | Sequence[Source] | None) -> list[Source]:
    """Return one source or several as a list."""
    if directory is None:
        return []
    if isinstance(directory, str | os.PathLike | Mapping | jinja2.BaseLoader):
        return [directory]
    return list(directory)


def _make_loader(source: Source) -> jinja2.BaseLoader:
    """Return the loader for *source*."""
    if isinstance(source, jinja2.BaseLoader):
        return source
    if isinstance(source, Mapping):
        return jinja2.DictLoader(source)
    if not isinstance(source, str | os.PathLike):
        raise ConfigurationError(
            f"Templates come from a folder, a mapping of names to texts or a loader, not {source!r:.200}."
        )
    folder = Path(source)
    if not folder.is_dir():
        raise ConfigurationError(
            f"There is no template folder {os.fspath(source)!r}: {folder.absolute()} is none.\n"
            f"A folder beside your file is written Path(__file__).parent / {folder.name!r}."
        )
    return jinja2.FileSystemLoader(folder.absolute())


def _describe(loader: jinja2.BaseLoader) -> Iterator[str]:
    """Yield where *loader* looks, in words."""
    if isinstance(loader, jinja2.FileSystemLoader):
        yield from loader.searchpath
    elif isinstance(loader, jinja2.PackageLoader):
        yield f"the package {loader.package_name}, folder {loader.package_path or '.'}"
    elif isinstance(loader, jinja2.DictLoader):
        yield f"a mapping with {len(loader.mapping)} names"
    elif isinstance(loader, jinja2.ChoiceLoader):
        for inner in loader.loaders:
            yield from _describe(inner)
    else:
        yield f"a {type(loader).__name__}"


def _list_names(loader: jinja2.BaseLoader) -> list[str]:
    """Return the names that *loader* can tell: not every kind can."""
    try:
        return loader.list_templates()
    except TypeError:
        return []
