"""This file is the hooks that accompany an app from loading its plugins to its being built, in call order."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .markers import hookspec


class Lifecycle:
    """What happens around the contributions: before them, between them and the routes, and at the end."""

    @hookspec(historic=True)
    def yaat_addhooks(self, manager: Any) -> None:
        """Specify hooks of the plugin's own, for other plugins to implement.

        Called first of all, before any other hook of any plugin is looked at. So the order of the plugins does not
        matter: one may implement hooks that a later one specifies. `optionalhook=True` on an implementation allows
        for the plugin that specifies the hook not being installed.

        Args:
            manager: The plugin manager; its `add_hookspecs` takes a class or module, its `collect` calls the hooks.

        Returns:
            Nothing.

        Order:
            Plugin order. A hook that is specified already is an error.

        Example:
            ```python
            from yaat import Plugin, hookimpl, hookspec

            class MenuHooks:
                @hookspec
                def yaat_menu_entries(self, app):
                    '''Give texts for the menu.'''

            class MenuPlugin(Plugin):
                name = "menu"

                @hookimpl
                def yaat_addhooks(self, manager):
                    manager.add_hookspecs(MenuHooks)
            ```

        Added in hook API 1.0.
        """

    @hookspec(historic=True)
    def yaat_plugin_registered(self, plugin: Any, name: str, manager: Any) -> None:
        """Learn of every active plugin, oneself included.

        Called once for each when all are registered and nothing is configured yet, whatever their order.

        Args:
            plugin: The plugin object.
            name: Its name.
            manager: The plugin manager; `find_owner` knows the distribution and its version.

        Returns:
            Nothing.

        Order:
            For the first plugin first; each time in plugin order.

        Example:
            ```python
            from yaat import Plugin, hookimpl

            class RollCallPlugin(Plugin):
                name = "roll-call"

                def __init__(self):
                    self.present = []

                @hookimpl
                def yaat_plugin_registered(self, name):
                    self.present.append(name)
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_configure(self, app: Any, settings: Mapping[str, Any]) -> None:
        """Check the plugin's own settings, and put what other plugins or handlers may use in `app.extensions`.

        Called before anything is contributed, once for each app.

        Args:
            app: The app that is being built. Its extensions are those of the plugins before this one.
            settings: What `Yaat(settings=…)` has for this plugin, read-only; empty when there is nothing. A plugin
                never sees the settings of another. A class that is loaded by its name got the same in its
                constructor; to a module they come here alone.

        Returns:
            Nothing. Raise a `ValueError` for settings that cannot be; the message is shown with the plugin's name.

        Order:
            Plugin order.

        Example:
            ```python
            from yaat import Plugin, hookimpl

            class GreetingPlugin(Plugin):
                name = "greeting"

                @hookimpl
                def yaat_configure(self, app, settings):
                    app.extensions["greeting"] = settings.get("text", "Hello")
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_modify_routes(self, app: Any, routes: Sequence[Any]) -> Any:
        """Change, drop or reorder routes when all are known and none is compiled.

        Called after everything is contributed. To add routes is for `yaat_register_routes`, which records who did.

        Args:
            app: The app that is being built.
            routes: A tuple of the `Route` and `Mount` records of the app and of all plugins, as the plugin before
                left them. They are frozen: `dataclasses.replace` makes a changed copy.

        Returns:
            The routes that take the place of *routes*, or `None` to leave them alone. Each keeps its owner.

        Order:
            Plugin order; each plugin is given what the one before it left.

        Example:
            ```python
            from yaat import Plugin, hookimpl

            class NoDraftsPlugin(Plugin):
                name = "no-drafts"

                @hookimpl
                def yaat_modify_routes(self, routes):
                    return [route for route in routes if not route.path.startswith("/drafts")]
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_wrap_endpoint(self, app: Any, route: Any, endpoint: Callable[[Any], Any]) -> Callable[[Any], Any] | None:
        """Put something around what answers one route, inside all middleware.

        Called while routes are compiled, once for each route and method. A route that is left alone pays nothing.

        Args:
            app: The app that is being built.
            route: The `Route` record, with its metadata.
            endpoint: Awaited with the request, it gives what the handler returned. It is what the plugin before left.

        Returns:
            What takes its place, or `None` to leave it alone.

        Order:
            Plugin order, so the last plugin is outermost.

        Example:
            ```python
            from time import monotonic

            from yaat import Plugin, hookimpl

            class TimingPlugin(Plugin):
                name = "timing"

                @hookimpl
                def yaat_wrap_endpoint(self, route, endpoint):
                    if "timed" not in route.metadata:
                        return None

                    async def measured(request):
                        begin = monotonic()
                        try:
                            return await endpoint(request)
                        finally:
                            print(route.path, monotonic() - begin)

                    return measured
            ```

        Added in hook API 1.0.
        """

    @hookspec
    def yaat_app_built(self, app: Any, report: Any) -> None:
        """Look at the finished app, read-only: for instance to fix a document about its routes.

        Called last, when nothing can be added any more.

        Args:
            app: The app that was built.
            report: What it was built of and who gave what, a `BuildReport`.

        Returns:
            Nothing.

        Order:
            Plugin order.

        Example:
            ```python
            from yaat import Plugin, hookimpl

            class SummaryPlugin(Plugin):
                name = "summary"

                @hookimpl
                def yaat_app_built(self, report):
                    self.paths = [route.path for route in report.routes]
            ```

        Added in hook API 1.0.
        """
