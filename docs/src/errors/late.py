from yaat import Yaat

app = Yaat()


@app.get("/")
async def index(request):
    return "Hello"


app.build()


@app.get("/late")
async def late(request):
    return "Late"
