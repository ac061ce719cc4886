"""The cache of small files."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from yaat_staticfiles.cache_rules import CacheRules
from yaat_staticfiles.file_cache import ENTRY_BYTES, FileCache
from yaat_staticfiles.folder import Folder
from yaat_staticfiles.representation import SMALL_FILE_BYTES
from yaat_staticfiles.shelf import Found, Shelf

Put = Callable[..., Path]
Find = Callable[..., Found]


@pytest.fixture
def find(folder: Path) -> Find:
    """A function that finds a file in the folder, below another one that may have it first."""

    def look(name: str, *codings: str) -> Found:
        shelf = Shelf(
            folders=[Folder(root=str(folder / "first")), Folder(root=str(folder))],
            has_hidden=False,
            has_pages=False,
            has_compressed=True,
            rules=CacheRules(),
            hashed=frozenset(),
        )
        found = shelf.find(name, codings)
        assert found is not None
        return found

    return look


def test_a_file_is_kept_while_it_stays_as_it_is(put: Put, find: Find) -> None:
    """Nothing is read twice."""
    put("a.txt", b"abc")
    cache = FileCache(10_000)
    assert cache.find("a.txt") is None
    cache.keep("a.txt", find("a.txt"))
    kept = cache.find("a.txt")
    assert kept is not None
    assert kept.body == b"abc"


@pytest.mark.parametrize("change", ["content", "time", "replaced", "removed", "denied"])
def test_a_file_that_has_changed_is_forgotten(put: Put, find: Find, change: str) -> None:
    """Other content, another file in its place, or a file that may not be read any more: all show in its status."""
    path = put("a.txt", b"abc")
    cache = FileCache(10_000)
    cache.keep("a.txt", find("a.txt"))
    if change == "content":
        put("a.txt", b"abd")
    elif change == "time":
        os.utime(path, (0, 0))
    elif change == "replaced":
        other = put("b.txt", b"xyz")
        other.replace(path)
    elif change == "removed":
        path.unlink()
    else:
        path.chmod(0)
    assert cache.find("a.txt") is None
    assert len(cache) == 0


def test_a_file_in_an_earlier_folder_takes_its_place(put: Put, find: Find) -> None:
    """What is in memory is not older than any of the folders."""
    put("a.txt", b"second")
    cache = FileCache(10_000)
    cache.keep("a.txt", find("a.txt"))
    assert cache.find("a.txt") is not None
    put("first/a.txt", b"first")
    assert cache.find("a.txt") is None


def test_a_compressed_neighbour_is_kept_with_its_file(put: Put, find: Find) -> None:
    """A change of either makes the compressed one old."""
    cache = FileCache(10_000)
    for name in ("a.txt", "a.txt.gz"):
        put("a.txt", b"plain")
        put("a.txt.gz", b"packed")
        cache.keep("key", find("a.txt", "gzip"))
        kept = cache.find("key")
        assert kept is not None
        assert kept.body == b"packed"
        put(name, b"other")
        assert cache.find("key") is None


def test_the_oldest_makes_room(put: Put, find: Find) -> None:
    """Memory is bounded, whatever is asked for."""
    cache = FileCache(3 * (ENTRY_BYTES + 100))
    for number in range(10):
        put(f"{number}.txt", b"x" * 100)
        cache.keep(number, find(f"{number}.txt"))
    assert [number for number in range(10) if cache.find(number)] == [7, 8, 9]


def test_keeping_a_file_again_does_not_count_twice(put: Put, find: Find) -> None:
    """Two requests may look for the same file at the same time."""
    cache = FileCache(2 * (ENTRY_BYTES + 100))
    put("a.txt", b"x" * 100)
    put("b.txt", b"x" * 100)
    for _ in range(5):
        cache.keep("a", find("a.txt"))
    cache.keep("b", find("b.txt"))
    assert len(cache) == 2


def test_files_that_do_not_fit_are_not_kept(put: Put, find: Find) -> None:
    """A cache of nothing keeps nothing, and no file takes the place of all others for nothing."""
    put("a.txt")
    cache = FileCache(0)
    cache.keep("a.txt", find("a.txt"))
    assert len(cache) == 0


def test_large_and_fresh_files_are_not_kept(put: Put, find: Find) -> None:
    """A large file is not in memory at all, and of one just changed a further change might not show."""
    cache = FileCache(10**9)
    put("large.txt", b"x" * (SMALL_FILE_BYTES + 1))
    large = find("large.txt")
    cache.keep("large.txt", large)
    large.close()
    put("fresh.txt", time=time.time())
    cache.keep("fresh.txt", find("fresh.txt"))
    cache.keep("folder", Found(loaded=None))
    assert len(cache) == 0
