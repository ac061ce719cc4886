"""This file is the hooks that this package adds for other plugins.

They are called once for each app, when all plugins are configured. A plugin that can do without this package marks them
with `hookimpl(optionalhook=True)`.
"""

from typing import Any

from yaat.plugins import hookspec

from .engine import Engine, Loader


class TemplateHooks:
    """What other plugins can add to templates."""

    @hookspec
    def yaat_templates_loaders(self, app: Any) -> Any:
        """Give templates: of the plugin's own pages, or for apps to include.

        The app's folders come first, so an app replaces a template by one of the same name. Put yours below a folder
        that is called like the plugin: `stats/table.html`.

        Args:
            app: The app that is being built.

        Returns:
            A folder (`str` or `Path`), a mapping of names to texts, one of Jinja's loaders, or a list of these.

        Order:
            Plugin order: of two plugins that have a template, the first wins.

        Example:
            ```python
            from pathlib import Path

            from yaat import Plugin, hookimpl

            class StatsPlugin(Plugin):
                name = "stats"

                @hookimpl(optionalhook=True)
                def yaat_templates_loaders(self, app):
                    return Path(__file__).parent
            ```

        Added in yaat-templates 0.2.
        """

    @hookspec
    def yaat_templates_context(self, app: Any) -> Any:
        """Give names that every template can use.

        Args:
            app: The app that is being built.

        Returns:
            A mapping of names to values; or a function, plain or asynchronous, that is called with the request for
            every page and gives such a mapping; or a list of these. Two plugins that give one name in a mapping are an
            error.

        Order:
            Plugin order: of two functions that give a name, the last wins. The app and then the handler come after
            all plugins.

        Example:
            ```python
            from yaat import Plugin, hookimpl

            class StatsPlugin(Plugin):
                name = "stats"

                @hookimpl(optionalhook=True)
                def yaat_templates_context(self, app):
                    return [{"site_name": "Guest book"}, self.describe_visitor]

                def describe_visitor(self, request):
                    return {"visitor": request.client}
            ```

        Added in yaat-templates 0.2.
        """

    @hookspec(firstresult=True)
    def yaat_templates_engine(self, app: Any, loader: Loader) -> Engine | None:
        """Render with another engine than Jinja.

        Args:
            app: The app that is being built.
            loader: Knows the folders of the app and of all plugins; its `read` gives the text of a template.

        Returns:
            An `Engine`, or `None` to leave it to the next plugin and in the end to Jinja.

        Order:
            Plugin order: the first answer wins.

        Example:
            ```python
            from string import Template

            from yaat import Plugin, hookimpl

            class DollarEngine:
                def __init__(self, read):
                    self.read = read

                def render(self, name, context, block=None):
                    return Template(self.read(name)).substitute(context)

                def stream(self, name, context, block=None):
                    return [self.render(name, context)]

            class DollarPlugin(Plugin):
                name = "dollar"

                @hookimpl(optionalhook=True)
                def yaat_templates_engine(self, loader):
                    return DollarEngine(loader.read)
            ```

        Added in yaat-templates 0.2.
        """
