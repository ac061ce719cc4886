"""This file is the hooks that this package adds for other plugins.

They are called while the app is built, for each app that has the plugin. A plugin that can do without this package
marks them with `hookimpl(optionalhook=True)`.
"""

from typing import Any

from yaat.plugins import hookspec


class OpenAPIHooks:
    """What other plugins can add to the document."""

    @hookspec
    def yaat_openapi_operation(
        self, app: Any, route: Any, method: str, operation: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Tell more about one operation: a header that a middleware wants, an error that it answers with.

        Args:
            app: The app that is being built.
            route: What the report of the build says of the route: its path, metadata, middleware and handlers.
            method: In upper case; empty for a WebSocket route.
            operation: The Operation Object, as the plugin before left it. It may be changed in place.

        Returns:
            The operation that takes its place, or `None` when it was changed in place or left alone.

        Order:
            Plugin order.

        Example:
            ```python
            from yaat import Plugin, hookimpl

            class LimitPlugin(Plugin):
                name = "limit"

                @hookimpl(optionalhook=True)
                def yaat_openapi_operation(self, route, operation):
                    if "limit" in route.metadata:
                        operation["responses"]["429"] = {"description": "Too Many Requests"}
            ```

        Added in yaat-openapi 0.2.
        """

    @hookspec
    def yaat_openapi_schema(
        self, app: Any, annotation: Any, component: str, schema: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Tell what values of a type look like: of a kind that nobody else knows, or more about one that is known.

        Called for each type that handlers take or return, and for each component that the schemas of these refer to,
        before there is any operation.

        Args:
            app: The app that is being built.
            annotation: The type as it is annotated; `None` for a component, of which the name alone is known.
            component: The name of a component; empty for a type.
            schema: The JSON schema, as the plugin before left it; empty where nothing is known. It may be changed in
                place.

        Returns:
            The schema that takes its place, or `None` when it was changed in place or left alone. What stands in its
            `$defs` becomes components of the document.

        Order:
            Plugin order.

        Example:
            ```python
            from decimal import Decimal

            from yaat import Plugin, hookimpl

            class MoneyPlugin(Plugin):
                name = "money"

                @hookimpl(optionalhook=True)
                def yaat_openapi_schema(self, annotation, schema):
                    if annotation is Decimal:
                        return {"type": "string", "format": "decimal"}
            ```

        Added in yaat-openapi 0.2.
        """

    @hookspec
    def yaat_openapi_document(self, app: Any, name: str, document: dict[str, Any]) -> dict[str, Any] | None:
        """Tell more about a whole document: security schemes, servers, descriptions of tags.

        Called for each document of the app, when all of its operations are there.

        Args:
            app: The app that is being built.
            name: Of the document; that which every app has is `default`.
            document: The OpenAPI Object, as the plugin before left it. It may be changed in place.

        Returns:
            The document that takes its place, or `None` when it was changed in place or left alone.

        Order:
            Plugin order.

        Example:
            ```python
            from yaat import Plugin, hookimpl

            class TokenPlugin(Plugin):
                name = "token"

                @hookimpl(optionalhook=True)
                def yaat_openapi_document(self, document):
                    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
                    schemes["token"] = {"type": "http", "scheme": "bearer"}
            ```

        Added in yaat-openapi 0.2.
        """
