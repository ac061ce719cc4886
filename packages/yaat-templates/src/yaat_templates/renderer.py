"""This file is the renderer: from a template's name and a context to a page, and from a page to a response."""

from collections.abc import AsyncIterable, Awaitable, Mapping
from typing import Any

from yaat.response import Response

from .context import ContextMaker
from .engine import Engine, Loader
from .response import TemplateResponse
from .streaming import PrimedStream, join_async_pieces, join_pieces


class Renderer:
    """Renders templates inside and outside of requests. `app.extensions["templates"]` is one.

    Args:
        engine: Makes the text.
        context: Makes what templates can use.
        loader: Knows where templates are.
    """

    def __init__(self, engine: Engine, context: ContextMaker, loader: Loader) -> None:
        #: What renders; its own features, such as an `environment`, are there.
        self.engine: Any = engine
        self.loader = loader
        self._context = context

    def render(
        self,
        name: str,
        context: Mapping[str, Any] | None = None,
        *,
        request: Any = None,
        block: str | None = None,
    ) -> str:
        """Return a page, or one block of it, as text: for mails, files and tests.

        Args:
            name: Of the template.
            context: What it can use besides what every template can.
            request: What is answered; outside of a request the context processors are left out.
            block: Only this block of the template.

        Raises:
            TypeError: The engine, or a context processor, is asynchronous: await `render_async` then.
        """
        if self._context.is_async:
            raise _refuse_waiting(name, "a context processor is asynchronous")
        text = self.engine.render(name, self._context.make(context or {}, request), block)
        if isinstance(text, str):
            return text
        if hasattr(text, "close"):
            text.close()  # or Python warns, later and elsewhere, that nobody awaited it
        raise _refuse_waiting(name, "templates are rendered asynchronously here")

    async def render_async(
        self,
        name: str,
        context: Mapping[str, Any] | None = None,
        *,
        request: Any = None,
        block: str | None = None,
    ) -> str:
        """Return a page, or one block of it, as text, whatever the engine and the context processors are."""
        filled = await self._context.make_async(context or {}, request)
        return await _settle(self.engine.render(name, filled, block))

    def respond(self, page: TemplateResponse, request: Any) -> Response | Awaitable[Response]:
        """Return the response for *page*, or an awaitable of it.

        Args:
            page: What a handler returned.
            request: What is answered.
        """
        if page.stream or self._context.is_async:
            return self._respond_later(page, request)
        context = self._context.make(page.context, request)
        text = self.engine.render(page.name, context, page.block)
        if isinstance(text, str):
            return page.fill(text)
        return _respond_when_there(text, page)

    async def _respond_later(self, page: TemplateResponse, request: Any) -> Response:
        """Return the response for a page that has to be awaited."""
        context = await self._context.make_async(page.context, request)
        if page.stream:
            return await self._make_stream(page, context)
        return page.fill(await _settle(self.engine.render(page.name, context, page.block)))

    async def _make_stream(self, page: TemplateResponse, context: dict[str, Any]) -> Response:
        """Return the response for a streamed page. Its first part is made now, so that an error there can be told."""
        pieces = self.engine.stream(page.name, context, page.block)
        parts = join_async_pieces(aiter(pieces)) if isinstance(pieces, AsyncIterable) else join_pieces(pieces)
        return page.fill_with_stream(PrimedStream(await anext(parts, ""), parts))


async def _respond_when_there(text: Awaitable[str], page: TemplateResponse) -> Response:
    """Return the response whose content is *text*."""
    return page.fill(await text)


async def _settle(text: str | Awaitable[str]) -> str:
    """Return *text*, having awaited it if need be."""
    return text if isinstance(text, str) else await text


def _refuse_waiting(name: str, reason: str) -> TypeError:
    """Return the error for a template that cannot be rendered without waiting."""
    return TypeError(
        f"The template {name!r} cannot be rendered at once: {reason}. "
        f"Write 'await templates.render_async({name!r}, …)', or return TemplateResponse({name!r}, …) from a handler."
    )
