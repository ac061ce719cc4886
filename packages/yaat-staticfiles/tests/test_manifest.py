"""URLs that may be kept for ever."""

from collections.abc import Callable
from pathlib import Path

import pytest

from yaat_staticfiles import Manifest, StaticFiles, UnknownFile

Put = Callable[..., Path]


def test_a_url_changes_with_its_file(put: Put, folder: Path) -> None:
    """Caches may keep what they got for a URL, as other content has another."""
    manifest = Manifest([("/static", StaticFiles(folder))])
    put("css/app.css", b"one", time=1_700_000_000)
    first = manifest.static_url("css/app.css")
    assert first.startswith("/static/css/app.css?v=")
    assert manifest.static_url("css/app.css") == first
    put("css/app.css", b"two", time=1_700_000_001)
    assert manifest.static_url("css/app.css") != first


def test_a_bundlers_manifest_leads_to_its_files(put: Put, folder: Path) -> None:
    """A name of the manifest becomes the name with a hash; files that it does not name get a query."""
    put("manifest.json", b'{"main.ts": {"file": "main-4889e940.js"}}')
    put("main-4889e940.js")
    put("logo.svg")
    manifest = Manifest([("/static/", StaticFiles(folder, manifest="manifest.json"))])
    assert manifest.static_url("main.ts") == "/static/main-4889e940.js"
    assert manifest.static_url("logo.svg").startswith("/static/logo.svg?v=")


def test_the_first_place_that_has_a_file_gives_it(put: Put, folder: Path) -> None:
    """Places are asked in their order."""
    put("one/a.txt")
    put("two/a.txt")
    put("two/b.txt")
    manifest = Manifest()
    manifest.add("/one", StaticFiles(folder / "one"))
    manifest.add("/two", StaticFiles(folder / "two"))
    assert manifest.static_url("a.txt").startswith("/one/a.txt?")
    assert manifest.static_url("b.txt").startswith("/two/b.txt?")


def test_what_stands_before_the_app_comes_first(put: Put, folder: Path) -> None:
    """Behind a proxy that adds a prefix, so does the URL."""
    put("a.txt")
    manifest = Manifest([("/", StaticFiles(folder))])
    assert manifest.static_url("a.txt", root_path="/shop/").startswith("/shop/a.txt?v=")


def test_what_stands_before_the_file_is_encoded(put: Put, folder: Path) -> None:
    """A prefix may be any path, and no part of it ends the path of the URL (RFC 3986 §3.3)."""
    put("a.txt")
    manifest = Manifest([("/süße x", StaticFiles(folder))])
    url = manifest.static_url("a.txt", root_path="/who?")
    assert url.startswith("/who%3F/s%C3%BC%C3%9Fe%20x/a.txt?v=")


def test_names_are_encoded(put: Put, folder: Path) -> None:
    """What a URL cannot hold is percent-encoded; nothing in a name ends the path."""
    put("a b?#&.txt")
    url = Manifest([("/static", StaticFiles(folder))]).static_url("a b?#&.txt")
    assert url.startswith("/static/a%20b%3F%23%26.txt?v=")


@pytest.mark.parametrize("name", ["css/app.cs", "../app.css", "", "css"])
def test_a_file_that_is_not_there_is_a_mistake(put: Put, folder: Path, name: str) -> None:
    """The message says where was looked, and what is nearly called so."""
    put("css/app.css")
    with pytest.raises(UnknownFile) as caught:
        Manifest([("/static", StaticFiles(folder))]).static_url(name)
    assert str(folder) in str(caught.value)
    if name == "css/app.cs":
        assert "Did you mean 'css/app.css'?" in str(caught.value)


def test_a_manifest_of_nothing_says_what_to_do() -> None:
    """An app without files has no URLs of files."""
    with pytest.raises(UnknownFile, match="Mount some"):
        Manifest().static_url("app.css")
