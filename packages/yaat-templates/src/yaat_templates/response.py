"""This file is what a handler returns in place of a page: the name of a template and what to fill in."""

from collections.abc import AsyncIterable, Mapping
from typing import Any, ClassVar

from yaat.headers import MutableHeaders
from yaat.response import Response
from yaat.responses import HTMLResponse, StreamResponse


class TemplateResponse:
    """A template and its context, returned by a handler; the page is made of it when the handler is done.

    It is a value, not yet a response: it can be compared with in tests, and made once and returned often. Headers and
    cookies can be set on it all the same.

    Args:
        name: Of the template, such as `blog/post.html`.
        context: What the template can use, besides `request`, `url_for` and what plugins give.
        status_code: Of the response.
        headers: Of the response.
        media_type: `text/html` when left out.
        block: Only this block of the template, for a part of a page.
        stream: Send the page while it is made. What goes wrong after its first part breaks the response off.
        background: What to run after the response was sent.

    Raises:
        TypeError: *name* is no text, or *context* no mapping.
    """

    __slots__ = ("_head", "background", "block", "context", "name", "status_code", "stream")

    #: For what reads annotations of handlers, such as a document of the API.
    media_type: ClassVar[str] = "text/html"

    def __init__(
        self,
        name: str,
        context: Mapping[str, Any] | None = None,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        *,
        block: str | None = None,
        stream: bool = False,
        background: Any = None,
    ) -> None:
        _check_arguments(name, context)
        self.name = name
        self.context: Mapping[str, Any] = {} if context is None else context
        self.status_code = status_code
        self.block = block
        self.stream = stream
        self.background = background
        self._head: Response | None = None
        if headers is not None or media_type is not None:
            self._head = Response(b"", 200, headers, media_type)

    @property
    def headers(self) -> MutableHeaders:
        """The headers that the response will have, to read and to change."""
        return self._get_head().headers

    def set_cookie(self, key: str, value: str = "", **attributes: Any) -> None:
        """Add a cookie to the response, as `Response.set_cookie` does."""
        self._get_head().set_cookie(key, value, **attributes)

    def delete_cookie(self, key: str, **attributes: Any) -> None:
        """Tell the client to forget a cookie, as `Response.delete_cookie` does."""
        self._get_head().delete_cookie(key, **attributes)

    def fill(self, text: str) -> Response:
        """Return the response whose content is *text*."""
        return self._finish(HTMLResponse(text, self.status_code, background=self.background))

    def fill_with_stream(self, parts: AsyncIterable[str]) -> Response:
        """Return the response whose content is *parts*, sent as they come."""
        return self._finish(StreamResponse(parts, self.status_code, None, self.media_type, background=self.background))

    def _finish(self, response: Response) -> Response:
        """Return *response* with the headers that were set here."""
        # Copied, because this value may be returned for many requests, and middleware changes headers.
        if self._head is not None:
            response.headers.update(self._head.headers)
        return response

    def _get_head(self) -> Response:
        """Return what holds the headers. It is made when one is set: most pages set none."""
        if self._head is None:
            self._head = Response()
        return self._head

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TemplateResponse) and self._key() == other._key()

    def __repr__(self) -> str:
        block = f" block={self.block!r}" if self.block else ""
        return f"<{type(self).__name__} {self.status_code} {self.name!r}{block}>"

    def _key(self) -> tuple[Any, ...]:
        """Return what two equal ones have in common."""
        headers = self._head.headers if self._head is not None else {}
        return self.name, dict(self.context), self.status_code, headers, self.block, self.stream


def _check_arguments(name: object, context: object) -> None:
    """Raise for what is no name or no context, which happens to those who come from another framework.

    Raises:
        TypeError: *name* is no text, or *context* no mapping.
    """
    if not isinstance(name, str):
        raise TypeError(
            f"The name of a template comes first, then the context; not {name!r:.200}. "
            "Write TemplateResponse('index.html', {'title': 'Home'})."
        )
    # PERF: nearly every context is a dict, and asking an abstract class costs more (row "Jinja2 page").
    if context.__class__ is not dict and context is not None and not isinstance(context, Mapping):
        raise TypeError(f"The context of the template {name!r} is a mapping of names to values, not {context!r:.200}.")
