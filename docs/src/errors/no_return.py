from yaat import Yaat

app = Yaat()


@app.get("/")
async def index(request):
    {"title": "Emma"}
