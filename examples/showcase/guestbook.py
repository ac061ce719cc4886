"""The book itself, which knows nothing of the web. It is kept in memory: a real one would be a database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, islice
from typing import Any, TypedDict

MAX_NAME = 60
MAX_MESSAGE = 500


class Entry(TypedDict):
    """What somebody wrote."""

    id: int
    name: str
    message: str
    written_at: str


class InvalidEntry(ValueError):
    """A name or a message that the book does not take."""


class GuestBook:
    """Entries in the order in which they were written."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._ids: Iterator[int] = count(1)

    def add(self, name: Any, message: Any) -> Entry:
        """Write an entry, and return it.

        Raises:
            InvalidEntry: The name or the message is missing or too long.
        """
        entry: Entry = {
            "id": 0,
            "name": _check("name", name, MAX_NAME),
            "message": _check("message", message, MAX_MESSAGE),
            "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        entry["id"] = next(self._ids)
        self._entries[entry["id"]] = entry
        return entry

    def newest(self, limit: int | None = None) -> list[Entry]:
        """Return the newest entries first: all, or as many as *limit* says."""
        return list(islice(reversed(self._entries.values()), limit))

    def find(self, entry_id: int) -> Entry | None:
        """Return the entry with that number, if there is one."""
        return self._entries.get(entry_id)

    def remove(self, entry_id: int) -> bool:
        """Take an entry out; return whether it was there."""
        return self._entries.pop(entry_id, None) is not None


def _check(what: str, text: Any, limit: int) -> str:
    """Return *text* without the blanks around it, if the book takes it."""
    if not isinstance(text, str) or not text.strip():
        raise InvalidEntry(f"Please write a {what}.")
    if len(text.strip()) > limit:
        raise InvalidEntry(f"Please write a {what} of at most {limit} characters.")
    return text.strip()
