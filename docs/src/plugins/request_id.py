from uuid import uuid4

from yaat import Middleware, Plugin, Yaat, hookimpl


def add_request_id(request):
    request.state.request_id = request.headers.get("x-request-id") or uuid4().hex
    response = yield
    response.headers["x-request-id"] = request.state.request_id


class RequestIdPlugin(Plugin):
    name = "request-id"

    @hookimpl
    def yaat_register_middleware(self, app):
        return Middleware(add_request_id, stage="observe")


app = Yaat(plugins=[RequestIdPlugin()])


@app.get("/")
async def index(request):
    return request.state.request_id
