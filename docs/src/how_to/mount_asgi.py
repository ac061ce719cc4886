from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from yaat import Yaat


async def hello(request):
    return PlainTextResponse(f"Hello from {request.scope['root_path']}")


app = Yaat()
app.mount("/old", Starlette(routes=[Route("/hello", hello)]))


@app.get("/old/new")
async def new(request):
    return "Beside the mount"
