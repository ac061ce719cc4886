"""This file is the plugin: it contributes two routes, and writes the document when the app is built."""

from collections.abc import Mapping
from typing import Any

from yaat.plugins import Plugin, hookimpl
from yaat.routing import Route

from .document import build_document
from .hooks import OpenAPIHooks
from .options import OpenAPIOptions
from .publication import Publication

#: Neither the document nor the page is part of the document.
_METADATA: Mapping[str, Any] = {"has_schema": False}


class OpenAPIPlugin(Plugin):
    """Serves an OpenAPI 3.1 document of the app, and a page that shows it to people.

    What a route tells the document stands in its signature, its docstring and its options: `tags`, `summary`,
    `description`, `operation_id`, `deprecated`, `responses`, `openapi` and `has_schema`. The document itself is
    `app.extensions["openapi"].document`.

    Args:
        title: The name of the API.
        version: Of the API, not of OpenAPI.
        description: More about the API, in CommonMark.
        openapi_url: The path of the document; `None` serves none.
        docs_url: The path of the page for people; `None` serves none.
    """

    name = "openapi"

    def __init__(
        self,
        *,
        title: str = "API",
        version: str = "0.1.0",
        description: str = "",
        openapi_url: str | None = "/openapi.json",
        docs_url: str | None = "/docs",
    ) -> None:
        self._options = OpenAPIOptions(
            title=title, version=version, description=description, openapi_url=openapi_url, docs_url=docs_url
        )

    @hookimpl
    def yaat_addhooks(self, manager: Any) -> None:
        """Add the hooks of `OpenAPIHooks`."""
        manager.add_hookspecs(OpenAPIHooks)

    @hookimpl
    def yaat_configure(self, app: Any) -> None:
        """Make the place for the app's document."""
        app.extensions[self.name] = Publication(self._options)

    @hookimpl
    def yaat_register_routes(self, app: Any) -> list[Route]:
        """Serve the document and the page, as far as they have a path."""
        publication: Publication = app.extensions[self.name]
        places = ((self._options.openapi_url, publication.json), (self._options.docs_url, publication.docs))
        # Without name=, so that an app and one mounted in it can both have them: `openapi:json` and `openapi:docs`.
        return [
            Route(path=path, handler=handler, methods=("GET",), metadata=_METADATA)
            for path, handler in places
            if path is not None
        ]

    @hookimpl
    def yaat_app_built(self, app: Any, report: Any) -> None:
        """Write the document of all routes that the app has, those of mounted apps included."""

        def enrich(route: Any, method: str, operation: dict[str, Any]) -> dict[str, Any]:
            enriched: dict[str, Any] = app.manager.fold(
                "yaat_openapi_operation", "operation", operation, expect=dict, app=app, route=route, method=method
            )
            return enriched

        document = build_document(self._options, report.routes, enrich)
        app.extensions[self.name].publish(
            app.manager.fold("yaat_openapi_document", "document", document, expect=dict, app=app)
        )
