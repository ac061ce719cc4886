"""Files that a page fetches and plays."""

import pytest

from .watching import WatchedPage


def test_part_of_a_file_is_fetched(page: WatchedPage, pages: str) -> None:
    """A range of bytes (RFC 9110 §14)."""
    page.open(pages)
    answer = page.fetch(f"{pages}/static/digits.txt", headers={"Range": "bytes=3-5"})
    assert (answer["status"], answer["text"], answer["headers"]["content-range"]) == (206, "345", "bytes 3-5/10")


def test_range_beyond_the_end_is_refused(page: WatchedPage, pages: str) -> None:
    """The page is told how long the file is."""
    page.open(pages)
    with page.expect_complaint("status of 416"):
        answer = page.fetch(f"{pages}/static/digits.txt", headers={"Range": "bytes=10-"})
    assert (answer["status"], answer["headers"]["content-range"]) == (416, "bytes */10")


def test_unchanged_file_is_not_sent_again(page: WatchedPage, pages: str) -> None:
    """The browser asks whether its copy is still good, and takes that."""
    page.open(pages)
    tag = page.fetch(f"{pages}/static/digits.txt")["headers"]["etag"]
    again = page.fetch(f"{pages}/static/digits.txt", headers={"If-None-Match": tag}, cache="no-store")
    assert (again["status"], again["text"]) == (304, "")


@pytest.mark.parametrize("element", ["audio", "video"])
def test_player_seeks(page: WatchedPage, pages: str, element: str) -> None:
    """A player jumps to the end of a long file, without what lies between."""
    page.open(pages)
    seen = page.run(
        """([element, url]) => new Promise((resolve, reject) => {
            const player = document.createElement(element);
            player.onerror = () => reject(new Error(player.error.message));
            player.onloadedmetadata = () => { player.currentTime = 110; };
            player.onseeked = () => resolve([player.duration, player.currentTime]);
            player.preload = "metadata";
            player.src = url;
            document.body.append(player);
        })""",
        element,
        f"{pages}/static/silence.wav",
    )
    assert seen == [120, 110]
    statuses = [status for status, url in page.responses if url.endswith("silence.wav")]
    assert len(statuses) > 1
    assert set(statuses) == {206}
