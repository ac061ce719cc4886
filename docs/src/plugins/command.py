from yaat import Plugin, Yaat, hookimpl
from yaat.records import Command


class CountPlugin(Plugin):
    name = "count"

    @hookimpl
    def yaat_register_commands(self, commands):
        return Command(name="count", run=self.count, summary="Count the routes.")

    def count(self, app, arguments):
        print(len(app.report.routes), "routes")


app = Yaat(plugins=[CountPlugin()], autoload=False)


@app.get("/")
async def index(request):
    return "Hello"
