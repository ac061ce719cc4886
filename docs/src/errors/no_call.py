from yaat import Yaat

app = Yaat()


@app.get
async def index(request):
    return "Hello"
