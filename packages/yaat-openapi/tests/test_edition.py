"""What is sent."""

from yaat_openapi.edition import MAX_ROOT_PATHS, Edition
from yaat_openapi.options import OpenAPIOptions, read_documents

DOCUMENT = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}}


def make_edition(**options: str | None) -> Edition:
    documents = read_documents(OpenAPIOptions(**options), {})  # type: ignore[arg-type]  # all of them are texts
    return Edition(documents, {"default": DOCUMENT})


def test_document_is_made_once_for_each_root_path() -> None:
    """Which servers have few of; so many are kept."""
    edition = make_edition()
    below = edition.represent("default", "json", "/api")
    assert below is edition.represent("default", "json", "/api")
    assert b'"servers":[{"url":"/api"}]' in below.content
    for number in range(MAX_ROOT_PATHS * 2):
        edition.represent("default", "json", f"/{number}")
    assert below is not edition.represent("default", "json", "/api")


def test_page_has_links_from_where_the_browser_is() -> None:
    """A slash at the end of its path is another folder."""
    edition = make_edition(docs_url="/help/docs")
    assert b'data-url="../openapi.json"' in edition.pages["default", False].content
    assert b'data-url="../../openapi.json"' in edition.pages["default", True].content


def test_files_of_the_pages_are_known_by_the_names_in_the_page() -> None:
    """Each is read once."""
    edition = make_edition()
    assert all(
        f"docs/assets/{name}".encode() in edition.pages["default", False].content for name in _list_linked(edition)
    )
    [script] = [name for name in edition.assets if name.startswith("oauth2-redirect")]
    assert f'src="assets/{script}"'.encode() in edition.redirect.content
    assert edition.read_asset(script) is edition.read_asset(script)


def test_app_without_a_page_has_its_documents() -> None:
    """And no pages."""
    edition = make_edition(docs_url=None)
    assert not edition.pages
    assert edition.represent("default", "yaml", "").media_type == "application/yaml"


def _list_linked(edition: Edition) -> list[str]:
    return [name for name in edition.assets if not name.startswith("oauth2-redirect")]
