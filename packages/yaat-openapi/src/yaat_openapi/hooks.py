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
    def yaat_openapi_document(self, app: Any, document: dict[str, Any]) -> dict[str, Any] | None:
        """Tell more about the whole app: security schemes, servers, descriptions of tags.

        Called when all operations are there.

        Args:
            app: The app that is being built.
            document: The OpenAPI Object, as the plugin before left it. It may be changed in place.

        Returns:
            The document that takes its place, or `None` when it was changed in place or left alone.

        Order:
            Plugin order.

        Example:
            ```python
            from yaat import Plugin, hookimpl

            class ContactPlugin(Plugin):
                name = "contact"

                @hookimpl(optionalhook=True)
                def yaat_openapi_document(self, document):
                    document["info"]["contact"] = {"email": "api@example.com"}
            ```

        Added in yaat-openapi 0.2.
        """
