"""Jinja2 templates for Yaat: pages from handlers, with folders and names that other plugins contribute."""

from importlib import import_module
from typing import Any

from .decorator import template
from .engine import Engine
from .plugin import TemplatesPlugin
from .renderer import Renderer
from .response import TemplateResponse

#: Where the names stand that bring Jinja: an app that has no templates does not import it.
_LAZY = {
    "BlockMissing": "exceptions",
    "Jinja2Template": "templates",
    "Jinja2Templates": "templates",
    "SearchPath": "loader",
    "TemplateMissing": "exceptions",
}

#: The short name, for `Yaat(plugins=[Templates("views")])`.
Templates = TemplatesPlugin

__all__ = [
    "BlockMissing",
    "Engine",
    "Jinja2Template",
    "Jinja2Templates",
    "Renderer",
    "SearchPath",
    "TemplateMissing",
    "TemplateResponse",
    "Templates",
    "TemplatesPlugin",
    "template",
]


def __getattr__(name: str) -> Any:
    """Return what is imported when somebody asks for it (PEP 562); type checkers look into `__init__.pyi`."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_LAZY[name]}", __name__), name)
    return value
