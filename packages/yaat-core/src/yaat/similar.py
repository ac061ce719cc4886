"""This file is finding what somebody probably meant, for messages."""

from collections.abc import Iterable


def find_similar(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the known word that is most like *word*, if any is; *cutoff* says how alike, from 0 to 1."""
    return next(iter(list_similar(word, known, count=1, cutoff=cutoff)), None)


def list_similar(word: str, known: Iterable[str], *, count: int, cutoff: float) -> list[str]:
    """Return as many known words as *count* that are like *word*, the most alike first."""
    # PERF: difflib takes half a millisecond to import, and mistakes alone need it (figure "import, CPU").
    from difflib import get_close_matches  # noqa: PLC0415  # see PERF

    return get_close_matches(word, known, n=count, cutoff=cutoff)
