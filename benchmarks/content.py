"""This file is what the measured apps answer with: the same for raw and for every framework."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "files" / "templates"
STATIC = Path(__file__).parent / "files" / "static"

GREETING = "Hello, World!"
APOLOGY = "out of stock"
CHUNKS = tuple(b"chunk %d of ten\n" % number for number in range(1, 11))
LAYERS = 5


class OutOfStock(Exception):
    """What the exception row raises, for the handler registered for it."""


def payload() -> dict[str, Any]:
    """Return the three keys of the JSON row, as a new object like any real handler's."""
    return {"message": GREETING, "count": 42, "active": True}


def page() -> dict[str, Any]:
    """Return what the template row renders: three products, one of which needs escaping."""
    return {
        "title": "Products",
        "products": [
            {"name": "Lamp", "price": 20},
            {"name": "Chair & table", "price": 180},
            {"name": "Shelf", "price": 75},
        ],
    }
