"""This file is the cache of small files: so much in memory, and never older than what is on the disk."""

from collections.abc import Hashable
from os import fsencode, stat

from .representation import Representation, Signature
from .shelf import Found

#: As `yaat_staticfiles.shelf.Checks`, with the paths as the system wants them.
KeptChecks = tuple[tuple[bytes, Signature | None], ...]

#: What an entry costs beside its content, at a guess that is rather too high.
ENTRY_BYTES = 2048


class FileCache:
    """Small files by what asks for them. The oldest makes room.

    Args:
        max_bytes: For everything; 0 keeps nothing.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: dict[Hashable, tuple[KeptChecks, Representation]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, key: Hashable) -> Representation | None:
        """Return the file kept under *key*, if it is on the disk as it was."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        # PERF: one system call instead of three and a look at the table of media types (row "static file, 10 KB").
        for path, signature in entry[0]:
            try:
                now = stat(path)  # noqa: PTH116 - see PERF
            except OSError:
                if signature is None:
                    continue
                break
            if signature != (now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino):
                break
        else:
            return entry[1]
        self._drop(key)
        return None

    def keep(self, key: Hashable, found: Found) -> None:
        """Keep a small file that nobody has just changed: another change might not show in its time."""
        if found.loaded is None or found.loaded.file is not None or found.loaded.representation.etag.is_weak:
            return
        size = ENTRY_BYTES + found.loaded.representation.size
        if size > self._max_bytes:
            return
        self._drop(key)
        while self._entries and self._bytes + size > self._max_bytes:
            self._drop(next(iter(self._entries)))
        # PERF: the system wants bytes, and would encode the path each time (row "static file, 10 KB").
        checks = tuple((fsencode(path), signature) for path, signature in found.checks)
        self._entries[key] = checks, found.loaded.representation
        self._bytes += size

    def _drop(self, key: Hashable) -> None:
        """Forget what is kept under *key*."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= ENTRY_BYTES + entry[1].size
