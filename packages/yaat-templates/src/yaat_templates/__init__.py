"""Jinja2 templates for Yaat: pages from handlers, with folders and names that other plugins contribute."""

from .decorator import template
from .engine import Engine
from .exceptions import BlockMissing, TemplateMissing
from .loader import SearchPath
from .plugin import TemplatesPlugin
from .renderer import Renderer
from .response import TemplateResponse
from .templates import Jinja2Template, Jinja2Templates

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
