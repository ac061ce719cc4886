from yaat import Yaat


class CountConnections:
    def __init__(self, app, counts):
        self.app = app
        self.counts = counts

    async def __call__(self, scope, receive, send):
        kind = scope["type"]
        self.counts[kind] = self.counts.get(kind, 0) + 1
        await self.app(scope, receive, send)


counts = {}
app = Yaat()
app.add_middleware(
    CountConnections, counts=counts, protocols=["http", "websocket"], stage="edge"
)


@app.get("/")
async def index(request):
    return counts
