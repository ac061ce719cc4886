"""This file is the shelf: it finds the file that a path of a URL means, in one of several folders."""

import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cache_rules import ASK_FIRST, FOR_EVER, CacheRules, has_hash
from .codings import SUFFIXES
from .folder import Folder, split_path
from .media_types import guess_media_type
from .opening import NO_LINK, log_trouble
from .representation import Loaded, Signature, add_charset, load, make_version, sign

#: What must be so for a file to be still the one that was found: for each path the state there, or that nothing is.
Checks = tuple[tuple[str, Signature | None], ...]

INDEX = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a path means.

    Attributes:
        loaded: The file; `None` for a folder with a page, whose path lacks the slash at its end.
        checks: See `Checks`.
    """

    loaded: Loaded | None
    checks: Checks = ()

    def close(self) -> None:
        """Close the file."""
        if self.loaded is not None:
            self.loaded.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Folders, of which the first that has a file gives it.

    Attributes:
        has_hidden: Whether files are given whose names begin with a dot.
        has_pages: Whether a folder stands for the `index.html` in it.
        has_compressed: Whether compressed neighbours of files are looked for.
        rules: What caches are told.
        hashed: Paths whose names hold a hash, whatever they look like.
    """

    folders: Sequence[Folder]
    has_hidden: bool
    has_pages: bool
    has_compressed: bool
    rules: CacheRules
    hashed: frozenset[str]

    def find(self, path: str, codings: Sequence[str]) -> Found | None:
        """Return what *path* means, or `None` for nothing. It is for threads.

        Args:
            path: Of the URL, decoded, without a slash before it.
            codings: What the client can decode, the best first.
        """
        if path == "" or path.endswith("/"):
            if not self.has_pages:
                return None
            path += INDEX
        names = split_path(path, has_hidden=self.has_hidden)
        if names is None:
            return None
        earlier: list[str] = []
        for folder in self.folders:
            try:
                return self._load(folder, names, codings, earlier)
            except IsADirectoryError:
                if self.has_pages and find_status(folder, [*names, INDEX]) is not None:
                    return Found(loaded=None)
            except (OSError, ValueError) as error:
                log_trouble(error)
            earlier.append(folder.join(names))
        return None

    def find_version(self, path: str) -> str | None:
        """Return the query that names the content at *path*, if only as an empty text; `None` where there is none."""
        names = split_path(path, has_hidden=self.has_hidden)
        for folder in self.folders if names else ():
            status = find_status(folder, names or [])
            if status is not None:
                return make_version(status) if self._has_version(path) else ""
        return None

    def _has_version(self, path: str) -> bool:
        """Return whether a version decides how long caches may keep a file, as nothing else does."""
        return path not in self.hashed and not has_hash(path) and self.rules.find(path) is None

    def _load(self, folder: Folder, names: list[str], codings: Sequence[str], earlier: Iterable[str]) -> Found:
        """Return the file in *folder*.

        Raises:
            OSError: There is none.
            ValueError: No file can have such a name.
        """
        target, real = folder.join(names), folder.resolve(names)
        status = Path(real).stat()
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(real)
        compressed = self._list_compressed(folder, names, status)
        about = self._describe("/".join(names), has_choice=bool(compressed))
        checks = tuple((each, None) for each in earlier)
        for coding in codings:
            if coding in compressed:
                with suppress(OSError):
                    loaded, state = load(compressed[coding], coding=coding, original=status, **about)
                    both = (target, sign(status)), (target + SUFFIXES[coding], sign(state))
                    return Found(loaded=loaded, checks=(*checks, *both))
        loaded, state = load(real, **about)
        return Found(loaded=loaded, checks=(*checks, (target, sign(state))))

    def _describe(self, path: str, *, has_choice: bool) -> dict[str, Any]:
        """Return what is to be said about the file at *path*, as `load` takes it."""
        more = {"cache-control": self._find_policy(path)}
        if has_choice:
            more["vary"] = "Accept-Encoding"
        return {
            "media_type": add_charset(guess_media_type(path)),
            "more": more,
            "has_version": self._has_version(path),
            "flags": NO_LINK,
        }

    def _find_policy(self, path: str) -> str:
        """Return the Cache-Control of the file at *path*."""
        policy = self.rules.find(path)
        if policy is None:
            policy = FOR_EVER if path in self.hashed or has_hash(path) else ASK_FIRST
        return policy

    def _list_compressed(self, folder: Folder, names: list[str], status: os.stat_result) -> dict[str, str]:
        """Return where the compressed neighbours of a file are, by coding; one older than the file does not count."""
        found = {}
        for coding, suffix in SUFFIXES.items() if self.has_compressed else ():
            with suppress(OSError):
                real = folder.resolve([*names[:-1], names[-1] + suffix])
                neighbour = Path(real).stat()
                if stat.S_ISREG(neighbour.st_mode) and neighbour.st_mtime_ns >= status.st_mtime_ns:
                    found[coding] = real
        return found


def find_status(folder: Folder, names: list[str]) -> os.stat_result | None:
    """Return what is known of a regular file, or `None` where there is none."""
    try:
        status = Path(folder.resolve(names)).stat()
    except (OSError, ValueError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None
