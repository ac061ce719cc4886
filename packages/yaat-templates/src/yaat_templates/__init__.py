"""Jinja2 templates for Yaat: pages from handlers, with folders and names that other plugins contribute."""

from typing import TYPE_CHECKING

from .decorator import template
from .engine import Engine
from .plugin import TemplatesPlugin
from .renderer import Renderer
from .response import TemplateResponse

if TYPE_CHECKING:
    from .exceptions import BlockMissing, TemplateMissing
    from .loader import SearchPath
    from .templates import Jinja2Template, Jinja2Templates
else:
    from importlib import import_module

    #: Where the names stand that bring Jinja: an app that has no templates does not import it.
    _LATE = {
        "BlockMissing": "exceptions",
        "Jinja2Template": "templates",
        "Jinja2Templates": "templates",
        "SearchPath": "loader",
        "TemplateMissing": "exceptions",
    }

    def __getattr__(name):
        """Return what is imported when somebody asks for it (PEP 562)."""
        if name not in _LATE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f".{_LATE[name]}", __name__), name)
        return value


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
