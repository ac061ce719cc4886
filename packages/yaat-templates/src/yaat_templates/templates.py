"""This file is `Jinja2Templates`: Jinja and a folder, for use with or without the plugin."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from yaat.connection import Connection
from yaat.response import Response

from .context import ContextMaker, ContextProcessor
from .jinja import make_engine
from .loader import SearchPath, list_sources
from .options import JinjaOptions, Source
from .renderer import Renderer
from .response import TemplateResponse


class Jinja2Templates(Renderer):
    """Templates of one or several folders, rendered where they are asked for.

    An app with `TemplatesPlugin` does not need it: there handlers return `TemplateResponse`. This one stands alone, so
    it sees nothing of what plugins contribute.

    Args:
        directory: A folder, a mapping of names to texts or one of Jinja's loaders; or several, of which the first that
            has a template wins.
        debug: Refuse names that nobody gave, and look at the files again for every page.
        context: Names and values that every template can use.
        context_processors: Called with the request for every page; what they give joins the context.
        autoescape: As for `JinjaOptions`, like those below.
        undefined: See there.
        auto_reload: See there.
        enable_async: See there.
        cache_folder: See there.
        filters: See there.
        tests: See there.
        options: See there.

    Raises:
        ConfigurationError: A folder does not exist.
    """

    def __init__(
        self,
        directory: Source | Sequence[Source],
        *,
        debug: bool = False,
        context: Mapping[str, Any] | None = None,
        context_processors: Iterable[ContextProcessor] = (),
        autoescape: bool | Callable[[str | None], bool] = True,
        undefined: type[jinja2.Undefined] | None = None,
        auto_reload: bool | None = None,
        enable_async: bool = False,
        cache_folder: str | Path | None = None,
        filters: Mapping[str, Callable[..., Any]] | None = None,
        tests: Mapping[str, Callable[..., Any]] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        chosen = JinjaOptions(
            autoescape=autoescape,
            undefined=undefined,
            auto_reload=auto_reload,
            enable_async=enable_async,
            cache_folder=cache_folder,
            filters=filters or {},
            tests=tests or {},
            options=options or {},
        )
        loader = SearchPath(list_sources(directory))
        engine = make_engine(loader, chosen, debug=debug)
        super().__init__(engine, ContextMaker(context or {}, context_processors), loader)

    @property
    def environment(self) -> jinja2.Environment:
        """Jinja's environment. Change it before the first page: what is compiled stays."""
        environment: jinja2.Environment = self.engine.environment
        return environment

    def TemplateResponse(  # noqa: N802 - what Yaat 0.1 and others call it
        self,
        name: str,
        context: Mapping[str, Any] | None = None,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        *,
        request: Any = None,
        block: str | None = None,
        background: Any = None,
    ) -> Response:
        """Return a page, rendered now.

        Args:
            name: Of the template.
            context: What it can use besides what every template can.
            status_code: Of the response.
            headers: Of the response.
            media_type: `text/html` when left out.
            request: What is answered, for `url_for` and context processors; `context["request"]` does as well.
            block: Only this block of the template.
            background: What to run after the response was sent.

        Raises:
            TypeError: The arguments are in another order, or the page would have to be awaited.
        """
        page = TemplateResponse(name, context, status_code, headers, media_type, background=background)
        if request is None and isinstance(page.context.get("request"), Connection):
            request = page.context["request"]
        return page.fill(self.render(name, page.context, request=request, block=block))


#: The name of it in Yaat 0.1.
Jinja2Template = Jinja2Templates
