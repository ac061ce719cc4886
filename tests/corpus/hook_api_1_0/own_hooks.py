"""A plugin specifies a hook of its own; others implement it, one that is loaded first, and one only if it is there."""

from yaat import Plugin, Response, hookimpl, hookspec
from yaat.routing import Route


class MenuHooks:
    @hookspec
    def yaat_menu_entries(self, app):
        """Give texts for the menu."""


class Menu(Plugin):
    name = "menu"

    @hookimpl
    def yaat_addhooks(self, manager):
        manager.add_hookspecs(MenuHooks)

    @hookimpl
    def yaat_register_routes(self, app):
        entries = app.manager.collect("yaat_menu_entries", expect=str, app=app)

        async def menu(request):
            return Response(",".join(entries))

        return Route(path="/menu", handler=menu)


class Entry(Plugin):
    name = "entry"

    @hookimpl
    def yaat_menu_entries(self, app):
        return ["home", "shop"]


class Absent(Plugin):
    name = "absent"

    @hookimpl(optionalhook=True)
    def yaat_hook_of_nobody(self, app):
        raise AssertionError("nobody specifies it")


PLUGINS = [Entry(), Absent(), Menu()]


def prove(app, client):
    assert client.get("/menu").text == "home,shop"
