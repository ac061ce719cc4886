"""Forms that a person fills in."""

import json
from pathlib import Path

from .watching import WatchedPage


def test_form_is_sent_with_its_files(page: WatchedPage, pages: str, tmp_path: Path) -> None:
    """A text beyond ASCII and two files arrive as they were chosen."""
    paths = [tmp_path / name for name in ("ä b.txt", "c;d.csv")]
    for path in paths:
        path.write_text(f"in {path.name}", "utf-8")
    page.open(f"{pages}/form")
    page.driver.fill("[name=title]", "Fünf & mehr")
    page.driver.set_input_files("[name=file]", paths)
    page.driver.click("button")
    page.driver.wait_for_url("**/upload")
    seen = json.loads(page.driver.inner_text("body"))
    assert seen["title"] == "Fünf & mehr"
    assert [(file["name"], file["text"]) for file in seen["files"]] == [
        ("ä b.txt", "in ä b.txt"),
        ("c;d.csv", "in c;d.csv"),
    ]


def test_form_without_a_file_is_sent(page: WatchedPage, pages: str) -> None:
    """A file input that nobody used arrives as one file without a name."""
    page.open(f"{pages}/form")
    page.driver.click("button")
    page.driver.wait_for_url("**/upload")
    [file] = json.loads(page.driver.inner_text("body"))["files"]
    assert (file["name"], file["text"]) == ("", "")
