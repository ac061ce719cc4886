"""This file is the renderer of an app that has no templates: what it needs of Jinja comes when somebody asks for it."""

from typing import Any

from .context import ContextMaker
from .options import JinjaOptions
from .renderer import Renderer


class LateRenderer(Renderer):
    """Renders what is in no file, such as `engine.environment.from_string(…)`, and tells that nothing else is there.

    Args:
        context: Makes what templates can use.
        debug: Whether the app is in debug.
    """

    def __init__(self, context: ContextMaker, *, debug: bool) -> None:
        # Not that of the class above, whose engine and loader are missing until `__getattr__` is asked for them.
        self._context = context
        self._debug = debug

    def __getattr__(self, name: str) -> Any:
        if name not in ("engine", "loader"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
        from .jinja import make_engine  # noqa: PLC0415  # PERF: see the head of `plugin.py`
        from .loader import SearchPath  # noqa: PLC0415  # as above

        loader = SearchPath()
        self.engine, self.loader = make_engine(loader, JinjaOptions(), debug=self._debug), loader
        return getattr(self, name)
