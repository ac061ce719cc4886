"""Pages that people look at."""

import re

from .watching import WatchedPage

#: A path, with or without the places at which a page may break it.
PATH = re.compile("/\u200b?hello\u200b?/\u200b?\\{name\\}")


def test_template_is_a_page(page: WatchedPage, pages: str) -> None:
    """Names, loops and links come out as they should."""
    page.open(f"{pages}/hello/Ada")
    assert page.driver.title() == "Hello Ada"
    assert page.driver.locator("li").all_inner_texts() == ["0", "1", "2"]
    page.driver.click("a")
    assert page.driver.inner_text("h1") == "Hello you & me"


def test_markup_in_a_value_stays_text(page: WatchedPage, pages: str) -> None:
    """A script in a name is shown, not run."""
    page.open(f"{pages}/hello/%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D'run'%22%3E")
    assert page.driver.inner_text("h1") == """Hello <img src=x onerror="document.title='run'">"""
    assert page.driver.title() != "run"


def test_documentation_is_shown(page: WatchedPage, pages: str) -> None:
    """The page of the OpenAPI document loads all that it needs under its own content policy."""
    page.open(f"{pages}/docs")
    page.driver.get_by_text(PATH).first.wait_for()
    assert "Browser <tests>" in page.driver.inner_text("body")
    assert {status for status, _ in page.responses} <= {200, 304}
