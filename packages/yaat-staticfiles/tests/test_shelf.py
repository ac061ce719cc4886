"""Finding the file that a path means."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yaat_staticfiles.cache_rules import CacheRules
from yaat_staticfiles.folder import Folder
from yaat_staticfiles.shelf import Found, Shelf

Put = Callable[..., Path]
MakeShelf = Callable[..., Shelf]


@pytest.fixture
def make_shelf(folder: Path) -> MakeShelf:
    """A function that makes a shelf of the folder."""

    def make(*names: str, rules: Any = None, **options: Any) -> Shelf:
        defaults: dict[str, Any] = {
            "has_hidden": False,
            "has_pages": False,
            "has_compressed": True,
            "hashed": frozenset(),
        }
        folders = [Folder(root=str(folder / name)) for name in names or ("",)]
        return Shelf(folders=folders, rules=CacheRules(rules), **(defaults | options))

    return make


def get_fields(found: Found | None) -> dict[str, str]:
    """Return the header fields of a file."""
    assert found is not None
    assert found.loaded is not None
    return {name.decode(): value.decode() for name, value in found.loaded.representation.fields}


def get_body(found: Found | None) -> bytes:
    """Return the content of a small file."""
    assert found is not None
    assert found.loaded is not None
    return found.loaded.representation.body


def test_the_first_folder_that_has_a_file_gives_it(put: Put, make_shelf: MakeShelf) -> None:
    """What the app has wins over what packages have."""
    put("app/a.txt", b"app")
    put("package/a.txt", b"package")
    put("package/b.txt", b"package")
    shelf = make_shelf("app", "package")
    assert get_body(shelf.find("a.txt", ())) == b"app"
    assert get_body(shelf.find("b.txt", ())) == b"package"
    assert shelf.find("c.txt", ()) is None


def test_a_folder_is_no_file(put: Put, make_shelf: MakeShelf) -> None:
    """Without pages, folders are as good as nothing, with or without a slash."""
    put("docs/index.html")
    shelf = make_shelf()
    assert [shelf.find(path, ()) for path in ("", "docs", "docs/")] == [None, None, None]


def test_a_folder_stands_for_its_page(put: Put, make_shelf: MakeShelf) -> None:
    """With pages, the `index.html` is found below the slash; without the slash, only that there is one."""
    put("docs/index.html", b"docs")
    put("empty/other.html")
    shelf = make_shelf(has_pages=True)
    assert get_body(shelf.find("docs/", ())) == b"docs"
    assert shelf.find("docs", ()) == Found(loaded=None)
    assert [shelf.find(path, ()) for path in ("", "empty", "empty/")] == [None, None, None]


@pytest.mark.usefixtures("is_tight")
def test_a_page_of_a_later_folder_counts(put: Put, make_shelf: MakeShelf) -> None:
    """A folder without a page does not hide one of the same name."""
    put("app/docs/a.txt")
    put("package/docs/index.html", b"docs")
    shelf = make_shelf("app", "package", has_pages=True)
    found = shelf.find("docs", ())
    assert found == Found(loaded=None)
    found.close()


@pytest.mark.parametrize(
    ("codings", "coding"), [(("br", "gzip"), "br"), (("gzip", "br"), "gzip"), (("zstd",), None), ((), None)]
)
def test_a_compressed_neighbour_is_chosen(
    put: Put, make_shelf: MakeShelf, codings: tuple[str, ...], coding: str | None
) -> None:
    """The client gets the first that it likes and that is there, and caches are told that it is a choice."""
    put("a.css", b"plain")
    put("a.css.br", b"br")
    put("a.css.gz", b"gzip")
    found = make_shelf().find("a.css", codings)
    fields = get_fields(found)
    assert get_body(found) == (coding or "plain").encode()
    assert fields.get("content-encoding") == coding
    assert fields["content-type"] == "text/css; charset=utf-8"
    assert fields["vary"] == "Accept-Encoding"


def test_no_choice_is_not_told(put: Put, make_shelf: MakeShelf) -> None:
    """A file without neighbours is the same for all."""
    put("a.css")
    assert "vary" not in get_fields(make_shelf().find("a.css", ("br",)))


def test_neighbours_can_be_left_alone(put: Put, make_shelf: MakeShelf) -> None:
    """Without the feature, a neighbour is just another file."""
    put("a.css", b"plain")
    put("a.css.gz", b"packed")
    found = make_shelf(has_compressed=False).find("a.css", ("gzip",))
    assert get_body(found) == b"plain"
    assert "vary" not in get_fields(found)


def test_an_outdated_neighbour_does_not_count(put: Put, make_shelf: MakeShelf) -> None:
    """One that is older than the file was made of other content."""
    put("a.css", b"new", time=1_700_000_001)
    put("a.css.gz", b"old", time=1_700_000_000)
    found = make_shelf().find("a.css", ("gzip",))
    assert get_body(found) == b"new"
    assert "vary" not in get_fields(found)


def test_a_neighbour_that_cannot_be_read_does_not_count(put: Put, folder: Path, make_shelf: MakeShelf) -> None:
    """Folders, links and what cannot be opened are passed over."""
    put("a.css", b"plain")
    put("b.css", b"plain")
    (folder / "a.css.gz").mkdir()
    (folder / "a.css.br").symlink_to("b.css")
    assert get_body(make_shelf().find("a.css", ("gzip", "br"))) == b"plain"


def test_a_file_that_only_a_neighbour_has_is_none(put: Put, make_shelf: MakeShelf) -> None:
    """A neighbour without its file is found under its own name alone."""
    put("a.css.gz", b"packed")
    assert make_shelf().find("a.css", ("gzip",)) is None
    assert get_fields(make_shelf().find("a.css.gz", ("gzip",)))["content-type"] == "application/gzip"


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("a.css", "no-cache"),
        ("a.3f2a1b9c.css", "max-age=31536000, immutable"),
        ("built.css", "max-age=31536000, immutable"),
        ("page.html", "max-age=60"),
        ("page.3f2a1b9c.html", "max-age=60"),
    ],
)
def test_caches_are_told_what_they_may_keep(put: Put, make_shelf: MakeShelf, path: str, policy: str) -> None:
    """The app has the first word, then a hash in the name or a manifest; other files are asked for each time."""
    put(path)
    shelf = make_shelf(rules={"*.html": "max-age=60"}, hashed=frozenset({"built.css"}))
    assert get_fields(shelf.find(path, ()))["cache-control"] == policy


def test_a_version_names_the_content(put: Put, make_shelf: MakeShelf) -> None:
    """It is another one when the file is; it is empty where the URL is told by other means to be for ever, or not."""
    shelf = make_shelf(rules={"*.html": "no-store"})
    put("a.css", time=1_700_000_000)
    first = shelf.find_version("a.css")
    put("a.css", time=1_700_000_001)
    assert first != shelf.find_version("a.css")
    assert first is not None
    assert first.startswith("v=")
    put("page.html")
    put("a.3f2a1b9c.css")
    assert shelf.find_version("page.html") == shelf.find_version("a.3f2a1b9c.css") == ""
    put("docs/a.txt")
    assert [shelf.find_version(path) for path in ("none.css", "../a.css", "", "docs")] == [None] * 4


@pytest.mark.parametrize("codings", [(), ("gzip",)])
def test_a_version_is_that_of_the_file_in_any_coding(put: Put, make_shelf: MakeShelf, codings: tuple[str, ...]) -> None:
    """A URL with a version leads to one content, however it is encoded."""
    put("a.css", b"plain")
    put("a.css.gz", b"packed", time=1_800_000_000)
    found = make_shelf().find("a.css", codings)
    assert found is not None
    assert found.loaded is not None
    assert found.loaded.representation.version.decode() == make_shelf().find_version("a.css")


@pytest.mark.usefixtures("is_tight")
@pytest.mark.parametrize("kind", ["fifo", "loop", "denied", "long", "surrogate", "link"])
def test_what_cannot_be_served_is_not_found(put: Put, folder: Path, make_shelf: MakeShelf, kind: str) -> None:
    """Whatever is wrong with a path ends in the same answer, at once, and leaves nothing open."""
    name = {"long": "x" * 300, "surrogate": "\udcff\ud800"}.get(kind, kind)
    if kind == "fifo":
        os.mkfifo(folder / name)
    elif kind == "loop":
        (folder / name).symlink_to(name)
    elif kind == "denied":
        put(name).chmod(0)
        if os.geteuid() == 0:
            pytest.skip("root may read everything")
    elif kind == "link":
        (folder / name).symlink_to("/etc/passwd")
    assert make_shelf().find(name, ("br", "gzip")) is None


def test_hidden_files_are_found_on_request(put: Put, make_shelf: MakeShelf) -> None:
    """Files whose names begin with a dot are for those who ask for them, `.well-known` for everybody."""
    put(".env", b"secret")
    put(".well-known/security.txt", b"contact")
    assert make_shelf().find(".env", ()) is None
    assert get_body(make_shelf(has_hidden=True).find(".env", ())) == b"secret"
    assert get_body(make_shelf().find(".well-known/security.txt", ())) == b"contact"
