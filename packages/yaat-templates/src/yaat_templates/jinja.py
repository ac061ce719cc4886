"""This file is Jinja as an engine: its environment, set up safely, and rendering in both of its ways."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, NoReturn

import jinja2

from .fragment import generate_block, generate_block_async
from .loader import SearchPath
from .options import JinjaOptions

#: So many compiled templates are kept ready besides Jinja's own cache, whose size this is too.
MAX_TEMPLATES = 400


def make_environment(loader: SearchPath, options: JinjaOptions, *, debug: bool = False) -> jinja2.Environment:
    """Return the environment that *options* describe."""
    undefined = options.undefined or (jinja2.StrictUndefined if debug else jinja2.Undefined)
    folder = options.cache_folder
    environment = jinja2.Environment(
        loader=loader,
        autoescape=options.autoescape,
        undefined=undefined,
        auto_reload=debug if options.auto_reload is None else options.auto_reload,
        enable_async=options.enable_async,
        cache_size=MAX_TEMPLATES,
        bytecode_cache=jinja2.FileSystemBytecodeCache(str(folder)) if folder else None,
        **options.options,
    )
    environment.filters.update(options.filters)
    environment.tests.update(options.tests)
    environment.globals["url_for"] = refuse_url
    return environment


def make_engine(loader: SearchPath, options: JinjaOptions, *, debug: bool = False) -> "JinjaEngine | AsyncJinjaEngine":
    """Return the engine that *options* describe."""
    environment = make_environment(loader, options, debug=debug)
    return AsyncJinjaEngine(environment) if environment.is_async else JinjaEngine(environment)


def refuse_url(name: object = "", /, **parameters: Any) -> NoReturn:
    """Stand for `url_for` where a template cannot know the request, and say what to do.

    Raises:
        jinja2.TemplateRuntimeError: Always.
    """
    raise jinja2.TemplateRuntimeError(
        f"url_for({name!r}) needs the request, which is not known here. In a file that is imported for its macros it "
        "is known after {% import 'macros.html' as macros with context %}; outside of a request give one: "
        "render(name, context, request=request)."
    )


class TemplateCache:
    """Finds compiled templates, at the price of one lookup once they are known.

    PERF: Jinja's own cache takes 0.6 µs each time, a twentieth of a small page (row "Jinja2 page").
    """

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment
        self._found: dict[str, jinja2.Template] = {}

    def find(self, name: str) -> jinja2.Template:
        """Return a template.

        Raises:
            TemplateMissing: It is nowhere.
            jinja2.TemplateSyntaxError: It cannot be compiled.
        """
        template = self._found.get(name)
        if template is None:
            template = self._environment.get_template(name)
            # One template can have many names, such as `a//b`, and names may come from outside: so there is a limit.
            if not self._environment.auto_reload and len(self._found) < MAX_TEMPLATES:
                self._found[name] = template
        return template


class JinjaEngine:
    """Renders at once, without giving way to others: the fastest for pages whose data is at hand."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self.environment = environment
        self._find = TemplateCache(environment).find

    def render(self, name: str, context: Mapping[str, Any], block: str | None = None) -> str:
        """Return the page, or one block of it."""
        template = self._find(name)
        if block is None:
            return template.render(context)
        return "".join(generate_block(template, dict(context), block))

    def stream(self, name: str, context: Mapping[str, Any], block: str | None = None) -> Iterator[str]:
        """Return the pieces of the page, or of one block of it."""
        template = self._find(name)
        if block is None:
            return template.generate(context)
        return generate_block(template, dict(context), block)


class AsyncJinjaEngine:
    """Renders with templates that can await, on an environment with `enable_async`."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self.environment = environment
        self._find = TemplateCache(environment).find

    async def render(self, name: str, context: Mapping[str, Any], block: str | None = None) -> str:
        """Return the page, or one block of it."""
        template = self._find(name)
        if block is None:
            return await template.render_async(context)
        return "".join([piece async for piece in generate_block_async(template, dict(context), block)])

    def stream(self, name: str, context: Mapping[str, Any], block: str | None = None) -> AsyncIterator[str]:
        """Return the pieces of the page, or of one block of it."""
        template = self._find(name)
        if block is None:
            return template.generate_async(context)
        return generate_block_async(template, dict(context), block)
