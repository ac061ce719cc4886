"""This file is the plugin: it lets handlers return `TemplateResponse`, and other plugins contribute to templates.

The law here: Jinja is imported by an app that has templates, while it is built. It takes half as long to import as the
core, and every app in an environment with this package has the plugin.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yaat.exceptions import ConfigurationError
from yaat.plugins import Plugin, hookimpl
from yaat.provenance import find_source
from yaat.records import ResponseType

from .context import ContextMaker, ContextProcessor
from .decorator import Mark, Respond, find_mark, find_marks, wrap
from .engine import Engine
from .hooks import TemplateHooks
from .late_renderer import LateRenderer
from .options import JinjaOptions, Source
from .renderer import Renderer
from .response import TemplateResponse

if TYPE_CHECKING:
    import jinja2

#: Where templates are when the app does not say.
DEFAULT_FOLDER = "templates"


class TemplatesPlugin(Plugin):
    """Makes pages of the `TemplateResponse` that handlers return, with Jinja unless a plugin brings another engine.

    The renderer of the app is `app.extensions["templates"]`, for pages that are no response, such as mails.

    Args:
        directory: A folder, a mapping of names to texts or one of Jinja's loaders; or several, of which the first that
            has a template wins. When left out: the folder `templates` in the working folder, if there is one.
        context: Names and values that every template can use.
        context_processors: Functions, plain or asynchronous, called with the request for every page; what they give
            joins the context.
        autoescape: As for `JinjaOptions`, like those below. They are for Jinja alone.
        undefined: See there.
        auto_reload: See there.
        enable_async: See there.
        cache_folder: See there.
        filters: See there.
        tests: See there.
        options: See there.
    """

    name = "templates"

    def __init__(
        self,
        directory: Source | Sequence[Source] | None = None,
        *,
        context: Mapping[str, Any] | None = None,
        context_processors: Iterable[ContextProcessor] = (),
        autoescape: bool | Callable[[str | None], bool] = True,
        undefined: "type[jinja2.Undefined] | None" = None,
        auto_reload: bool | None = None,
        enable_async: bool = False,
        cache_folder: str | Path | None = None,
        filters: Mapping[str, Callable[..., Any]] | None = None,
        tests: Mapping[str, Callable[..., Any]] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        self._directory = directory
        self._context = dict(context or {})
        self._processors = tuple(context_processors)
        self._options = JinjaOptions(
            autoescape=autoescape,
            undefined=undefined,
            auto_reload=auto_reload,
            enable_async=enable_async,
            cache_folder=cache_folder,
            filters=filters or {},
            tests=tests or {},
            options=options or {},
        )

    @hookimpl
    def yaat_addhooks(self, manager: Any) -> None:
        """Add the hooks of `TemplateHooks`."""
        manager.add_hookspecs(TemplateHooks)

    @hookimpl(trylast=True)
    def yaat_templates_engine(self, app: Any, loader: Any) -> Engine:
        """Give Jinja, if nobody else gives an engine."""
        from .jinja import make_engine  # noqa: PLC0415  # PERF: see the head of this file

        return make_engine(loader, self._options, debug=app.debug)

    @hookimpl
    def yaat_register_response_types(self, app: Any) -> ResponseType:
        """Gather what plugins contribute, and say how a `TemplateResponse` becomes a response."""
        renderer = self._make_renderer(app) if self._has_templates(app) else self._make_late_renderer(app)
        app.extensions[self.name] = renderer
        return ResponseType(type=TemplateResponse, convert=renderer.respond)

    @hookimpl
    def yaat_wrap_endpoint(self, app: Any, route: Any, endpoint: Respond) -> Respond | None:
        """Put the template around what a handler that is marked with `template` returns."""
        marks = find_marks(route.handler)
        for mark in marks.values():
            _check_template(app.extensions[self.name], route, mark)
        return wrap(endpoint, marks) if marks else None

    @hookimpl(optionalhook=True)
    def yaat_openapi_operation(self, route: Any, method: str, operation: dict[str, Any]) -> None:
        """Say in an OpenAPI document that a marked handler answers with a page, and not with what it returns."""
        mark = find_mark(route.handlers[method].handler.function)
        if mark is not None:
            given = {str(status) for status in route.metadata.get("responses") or ()}
            responses = operation.get("responses", {}).items()
            said = {status: response for status, response in responses if status in given or status[0] in "45"}
            page = {"description": "A page", "content": {mark.media_type: {"schema": {"type": "string"}}}}
            operation["responses"] = {"200": page, **said}

    def _has_templates(self, app: Any) -> bool:
        """Return whether there is a place for templates, or anything was said of how they are rendered."""
        hooks = app.manager.hooks
        others = (*hooks["yaat_templates_loaders"], *hooks["yaat_templates_engine"])
        return self._find_directory() is not None or self._options != JinjaOptions() or others != (self.name,)

    def _find_directory(self) -> Source | Sequence[Source] | None:
        """Return where the app has its templates."""
        if self._directory is None and Path(DEFAULT_FOLDER).is_dir():
            return DEFAULT_FOLDER
        return self._directory

    def _make_renderer(self, app: Any) -> Renderer:
        """Return what renders the templates of the app and of its plugins."""
        from .loader import SOURCES, SearchPath, list_sources  # noqa: PLC0415  # PERF: see the head of this file

        others = app.manager.collect("yaat_templates_loaders", expect=SOURCES, app=app)
        loader = SearchPath([*list_sources(self._find_directory()), *others])
        kind: Any = Engine  # a protocol does as well as a class here
        engine = app.manager.first("yaat_templates_engine", expect=(kind,), app=app, loader=loader)
        return Renderer(engine, self._make_context(app), loader)

    def _make_late_renderer(self, app: Any) -> Renderer:
        """Return what stands in where there are no templates."""
        return LateRenderer(self._make_context(app), debug=app.debug)

    def _make_context(self, app: Any) -> ContextMaker:
        """Return what makes contexts, with what plugins give and what the app gives over that."""
        given = app.manager.collect("yaat_templates_context", expect=_CONTEXTS, app=app)
        values: dict[str, Any] = {}
        for mapping in (each for each in given if isinstance(each, Mapping)):
            twice = sorted(mapping.keys() & values.keys() - self._context.keys())
            if twice:
                plugins = ", ".join(app.manager.hooks["yaat_templates_context"])
                raise ConfigurationError(
                    f"Two plugins give {twice[0]!r} to all templates; those that give something are: {plugins}. "
                    f"Block one, or choose the value: TemplatesPlugin(context={{{twice[0]!r}: …}})."
                )
            values.update(mapping)
        processors = [each for each in given if not isinstance(each, Mapping)]
        return ContextMaker({**values, **self._context}, [*processors, *self._processors], app.url_for)


#: What plugins may give for contexts.
_CONTEXTS: tuple[Any, ...] = (Mapping, Callable)


def _check_template(renderer: Renderer, route: Any, mark: Mark) -> None:
    """Raise for a marked handler whose template does not exist.

    Raises:
        ConfigurationError: There is none of that name; the message says where was looked.
    """
    from .exceptions import TemplateMissing  # noqa: PLC0415  # PERF: see the head of this file

    try:
        renderer.loader.read(mark.name)
    except TemplateMissing as error:
        where = find_source(route.handler) or route.source
        raise ConfigurationError(f"{error}\nThe handler of the route {route.path} asks for it, at {where}.") from None
