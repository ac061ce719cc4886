from yaat import Plugin, Yaat, hookimpl


class SlowPlugin(Plugin):
    name = "slow"

    @hookimpl
    async def yaat_configure(self, app):
        pass


app = Yaat(plugins=[SlowPlugin()])
