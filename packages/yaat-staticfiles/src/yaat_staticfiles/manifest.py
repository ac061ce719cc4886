"""This file is `Manifest`: from the name of a file to a URL that caches may keep for ever."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

from yaat.exceptions import ConfigurationError
from yaat.similar import find_similar
from yaat.url import encode_path

#: Of each folder, so many files are looked at for one with a similar name.
MAX_LISTED_FILES = 1000


class UnknownFile(ConfigurationError):
    """`static_url` was asked for a file that is not there."""


class Files(Protocol):
    """What serves files and knows their versions: `StaticFiles`."""

    @property
    def folders(self) -> Sequence[Path]:
        """Where they are."""
        ...

    def find_version(self, path: str) -> str | None:
        """Return what stands after the prefix in the URL of a file, or `None` for a file that there is not."""
        ...


class Manifest:
    """The URLs of files, in whatever folders they are.

    Args:
        places: Prefixes of URLs, each with what is mounted there. The first that has a file gives it.
    """

    def __init__(self, places: Iterable[tuple[str, Files]] = ()) -> None:
        self._places: list[tuple[str, Files]] = []
        for prefix, files in places:
            self.add(prefix, files)

    def add(self, prefix: str, files: Files) -> None:
        """Add what is mounted at *prefix*."""
        self._places.append((prefix.rstrip("/"), files))

    def static_url(self, name: str, *, root_path: str = "") -> str:
        """Return the URL of a file: `/static/app.css?v=…`, or `/static/app.3f2a1b9c.css` by a bundler's manifest.

        It changes when the file does, so what is sent for it may be kept for ever.

        Args:
            name: The path of the file below its folder, or its name in the bundler's manifest.
            root_path: What stands before the paths of the app, as in the scope.

        Raises:
            UnknownFile: There is none; the message says where was looked.
        """
        for prefix, files in self._places:
            relative = files.find_version(name)
            if relative is not None:
                return f"{encode_path(root_path.rstrip('/') + prefix)}/{relative}"
        raise UnknownFile(self._explain(name))

    def _explain(self, name: str) -> str:
        """Return the message for a file that is not there."""
        if not self._places:
            return (
                f"There is no URL for {name!r}, as the app serves no files. Mount some: "
                'app.mount("/static", StaticFiles(directory="static")).'
            )
        folders = [folder for _, files in self._places for folder in files.folders]
        similar = find_similar(name, _list_names(folders))
        hint = f" Did you mean {similar!r}?" if similar else ""
        return f"There is no file {name!r} in {', '.join(map(str, folders))}.{hint}"


def _list_names(folders: Iterable[Path]) -> list[str]:
    """Return the paths of files in *folders*, as many as a message is worth."""
    return [
        path.relative_to(folder).as_posix()
        for folder in folders
        for path in islice(folder.rglob("*"), MAX_LISTED_FILES)
    ]
