from starlette.middleware.gzip import GZipMiddleware
from yaat import Yaat

app = Yaat()
app.add_middleware(GZipMiddleware, minimum_size=500)


@app.get("/")
async def index(request):
    return "Hello World " * 100
