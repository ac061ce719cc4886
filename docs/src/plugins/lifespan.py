from contextlib import asynccontextmanager

from yaat import Plugin, Yaat, hookimpl
from yaat.records import Lifespan

events = []


class MailPlugin(Plugin):
    name = "mail"

    @hookimpl
    def yaat_register_lifespans(self, app):
        return Lifespan(name="mail", context=self.connect)

    @asynccontextmanager
    async def connect(self, app):
        events.append("connect")
        yield {"mail": events}
        events.append("disconnect")


app = Yaat(plugins=[MailPlugin()])


@app.post("/send")
async def send(request) -> None:
    request.state.mail.append("send")
