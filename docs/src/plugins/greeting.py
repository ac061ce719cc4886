from yaat import Plugin, Yaat, hookimpl
from yaat.routing import Route


class GreetingPlugin(Plugin):
    """Greets at `/greeting`.

    Args:
        text: What the page says.
    """

    name = "greeting"

    def __init__(self, *, text="Hello"):
        if not text:
            raise ValueError("text must not be empty.")
        self._text = text

    @hookimpl
    def yaat_configure(self, app):
        app.extensions["greeting"] = self._text

    @hookimpl
    def yaat_register_routes(self, app):
        return Route(path="/greeting", handler=greet, name="page")


async def greet(request):
    return request.app.extensions["greeting"]


app = Yaat(plugins=[GreetingPlugin(text="Good morning")])
