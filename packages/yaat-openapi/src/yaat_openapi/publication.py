"""This file is what is served: the document and the page for people, made once when the app is built."""

from functools import lru_cache
from posixpath import dirname, relpath
from typing import Any

from yaat.exceptions import ConfigurationError
from yaat.json_codec import encode_json
from yaat.response import Response

from .document import Document, place_below
from .options import OpenAPIOptions
from .page import format_page, list_page_headers
from .representation import Representation

#: A server has one root path, or a few when proxies name it; more are made again each time.
MAX_ROOT_PATHS = 4


class Publication:
    """The document of one app. `app.extensions["openapi"]` is one.

    Args:
        options: What the app says about its document.
    """

    def __init__(self, options: OpenAPIOptions) -> None:
        self.options = options
        self._document: Document | None = None
        self._represent = lru_cache(MAX_ROOT_PATHS)(self._make_representation)

    @property
    def document(self) -> Document:
        """The document, to look at.

        Raises:
            ConfigurationError: The app is not built yet.
        """
        if self._document is None:
            raise ConfigurationError("There is no OpenAPI document before the app is built. Call app.build() first.")
        return self._document

    def publish(self, document: Document) -> None:
        """Make everything that is served of *document*.

        Raises:
            ConfigurationError: It holds something that JSON cannot.
        """
        self._document = document
        self._represent("")
        self._page = Representation(self._make_page(document), "text/html", list_page_headers())

    async def json(self, request: Any) -> Response:
        """Answer with the document."""
        root_path = (request.scope.get("root_path") or "").rstrip("/")
        return self._represent(root_path).respond(request)

    async def docs(self, request: Any) -> Response:
        """Answer with the page for people."""
        return self._page.respond(request)

    def _make_representation(self, root_path: str) -> Representation:
        """Return the document as it is served below a root path."""
        try:
            content = encode_json(place_below(self.document, root_path))
        except (TypeError, ValueError) as error:
            raise ConfigurationError(
                f"The OpenAPI document cannot be written as JSON: {error}. "
                "Look at openapi= and responses= of the routes, and at plugins that add to the document."
            ) from error
        return Representation(content, "application/json")

    def _make_page(self, document: Document) -> bytes:
        """Return the page for people, which leads to the document where one is served."""
        link = None
        if self.options.openapi_url is not None and self.options.docs_url is not None:
            # Relative, so it is right below every mount and every root path.
            link = relpath(self.options.openapi_url, dirname(self.options.docs_url))
        return format_page(document, link).encode()
