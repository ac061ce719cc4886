from .decorator import template as template
from .engine import Engine as Engine
from .exceptions import BlockMissing as BlockMissing
from .exceptions import TemplateMissing as TemplateMissing
from .loader import SearchPath as SearchPath
from .plugin import TemplatesPlugin as TemplatesPlugin
from .renderer import Renderer as Renderer
from .response import TemplateResponse as TemplateResponse
from .templates import Jinja2Template as Jinja2Template
from .templates import Jinja2Templates as Jinja2Templates

Templates = TemplatesPlugin

__all__: list[str]
