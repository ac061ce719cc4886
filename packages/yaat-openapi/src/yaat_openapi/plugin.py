"""This file is the plugin: it contributes the routes, and writes the documents when the app is built."""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from yaat.plugins import Plugin, hookimpl
from yaat.records import Command
from yaat.routing import Route

from .command import NAME, SUMMARY, run_command
from .document import Document, Enrichment, Written, build_document, select_routes
from .hooks import OpenAPIHooks
from .operation import Operation, Surroundings
from .options import OpenAPIOptions, read_documents
from .publication import Publication
from .schema import Schema

logger = logging.getLogger("yaat.openapi")

#: Neither the documents nor the pages are part of a document.
_METADATA: Mapping[str, Any] = {"has_schema": False}


class OpenAPIPlugin(Plugin):
    """Serves OpenAPI 3.1 documents of the app, and pages on which people can try it.

    What a route tells the document stands in its signature, its docstring and its options: `tags`, `summary`,
    `description`, `operation_id`, `deprecated`, `responses`, `raises`, `security`, `documents`, `openapi` and
    `has_schema`. The document itself is `app.extensions["openapi"].document`.

    Args:
        title: The name of the API.
        version: Of the API, not of OpenAPI.
        description: More about the API, in CommonMark.
        openapi_url: The path of the document, and beside it of the same in YAML; `None` serves none, and no page.
        docs_url: The path of the page for people; `None` serves none.
        info: More of the Info Object: `contact`, `license`, `termsOfService` …
        servers: Server Objects. Where the app is, when left out.
        tags: Tag Objects, in the order in which people should read.
        security_schemes: Security Scheme Objects by name. Plugins add theirs.
        security: What every operation needs that says nothing else: names of schemes, or Security Requirement Objects.
        documents: More documents by name, each with its options: those above, and `below`, the path at which its
            routes begin. What one does not say is as for the main one.
        swagger_ui: Options of the page, as Swagger UI calls them.
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
        info: Mapping[str, Any] | None = None,
        servers: Sequence[Mapping[str, Any]] = (),
        tags: Sequence[Mapping[str, Any]] = (),
        security_schemes: Mapping[str, Mapping[str, Any]] | None = None,
        security: Sequence[Any] = (),
        documents: Mapping[str, Mapping[str, Any]] | None = None,
        swagger_ui: Mapping[str, Any] | None = None,
    ) -> None:
        main = OpenAPIOptions(
            title=title,
            version=version,
            description=description,
            openapi_url=openapi_url,
            docs_url=docs_url,
            info=info or {},
            servers=servers,
            tags=tags,
            security_schemes=security_schemes or {},
            security=security,
            swagger_ui=swagger_ui or {},
        )
        self._options = read_documents(main, documents or {})

    @hookimpl
    def yaat_addhooks(self, manager: Any) -> None:
        """Add the hooks of `OpenAPIHooks`."""
        manager.add_hookspecs(OpenAPIHooks)

    @hookimpl
    def yaat_configure(self, app: Any) -> None:
        """Make the place for the app's documents."""
        app.extensions[self.name] = Publication(self._options)

    @hookimpl
    def yaat_register_routes(self, app: Any) -> list[Route]:
        """Serve the documents and the pages, as far as they have a path."""
        publication: Publication = app.extensions[self.name]
        routes = []
        for name, path, handler in publication.list_places():
            # Without name=, so that an app and one mounted in it can both have them: `openapi:json`, `openapi:docs` …
            handler.__name__ = name
            routes.append(Route(path=path, handler=handler, methods=("GET",), metadata=_METADATA))
        return routes

    @hookimpl
    def yaat_app_built(self, app: Any, report: Any) -> None:
        """Write the documents of all routes that the app has, those of mounted apps included."""
        publication: Publication = app.extensions[self.name]
        publication.publish({name: self._write(name, app, report) for name in self._options})

    @hookimpl(optionalhook=True)
    def yaat_register_commands(self, commands: Collection[str]) -> Command | None:
        """Add `yaat openapi`, where there is none."""
        return None if NAME in commands else Command(name=NAME, run=run_command, summary=SUMMARY)

    def _write(self, name: str, app: Any, report: Any) -> Written:
        """Return one document."""
        options = self._options[name]
        routes = select_routes(report.routes, name, options, self._options)
        surroundings = Surroundings(encode=app.parts.codec.encode, form_types=tuple(app.parts.body_parsers))
        written = build_document(options, routes, make_enrichment(app, name), surroundings)
        for title, components in written.collisions.items():
            logger.warning(
                "Different types are called %r in the OpenAPI document %r: they are shown as %s. "
                "Rename one of them, so that the name of the other stays as it is.",
                title,
                name,
                ", ".join(components),
            )
        return written


def make_enrichment(app: Any, name: str) -> Enrichment:
    """Return how the plugins of *app* have their say in the document *name*."""
    fold = app.manager.fold

    def revise_operation(route: Any, method: str, operation: Operation) -> Operation:
        enriched: Operation = fold(
            "yaat_openapi_operation", "operation", operation, expect=dict, app=app, route=route, method=method
        )
        return enriched

    def revise_schema(kind: Any, component: str, schema: Schema) -> Schema:
        revised: Schema = fold(
            "yaat_openapi_schema", "schema", schema, expect=dict, app=app, annotation=kind, component=component
        )
        return revised

    def revise_document(document: Document) -> Document:
        revised: Document = fold("yaat_openapi_document", "document", document, expect=dict, app=app, name=name)
        return revised

    return Enrichment(operation=revise_operation, schema=revise_schema, document=revise_document)
