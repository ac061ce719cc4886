"""What somebody probably meant."""

import pytest

from yaat.similar import find_similar, list_similar


@pytest.mark.parametrize(("word", "found"), [("integer", "int"), ("paht", "path"), ("xyz", None)])
def test_the_most_similar_word_is_found(word: str, found: str | None) -> None:
    """If any is similar at all."""
    assert find_similar(word, ["int", "path", "str"], cutoff=0.5) == found


def test_similar_words_are_listed() -> None:
    """The most alike first, and not more than are asked for."""
    assert list_similar("/books", ["/book", "/cooks", "/bookshop", "/x"], count=2, cutoff=0.5) == ["/book", "/cooks"]
