"""What `yaat_templates` offers, for type checkers: some of it is imported when somebody asks for it."""

from .decorator import template
from .engine import Engine
from .exceptions import BlockMissing, TemplateMissing
from .loader import SearchPath
from .plugin import TemplatesPlugin
from .renderer import Renderer
from .response import TemplateResponse
from .templates import Jinja2Template, Jinja2Templates

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
