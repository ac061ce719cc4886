"""This package is one module per framework with an app of any number of routes.

Each imports no more than such an app needs, because importing it is what is measured too. Its
``build(count)`` gives every route a handler of its own, as an app has it.
"""

from __future__ import annotations


def make_sections(count: int) -> list[str]:
    """Return the first segments of *count* routes; each has two: a page, and items by number."""
    return [*(f"section{number}" for number in range(count // 2 - 1)), "last"]
