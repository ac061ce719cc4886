from yaat import Plugin, Yaat, hookimpl, hookspec


class MenuHooks:
    @hookspec
    def yaat_menu_entries(self, app):
        """Give texts for the menu."""


class MenuPlugin(Plugin):
    name = "menu"

    @hookimpl
    def yaat_addhooks(self, manager):
        manager.add_hookspecs(MenuHooks)

    @hookimpl
    def yaat_app_built(self, app, report):
        entries = app.manager.collect("yaat_menu_entries", expect=str, app=app)
        app.extensions["menu"] = entries


class TeaPlugin(Plugin):
    name = "tea"

    @hookimpl(optionalhook=True)
    def yaat_menu_entries(self, app):
        return ["Green tea", "Black tea"]


app = Yaat(plugins=[TeaPlugin(), MenuPlugin()])


@app.get("/menu")
async def menu(request):
    return request.app.extensions["menu"]
