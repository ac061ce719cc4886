from yaat import Yaat

app = Yaat()


class Session:
    pass


@app.get("/")
async def index(request):
    return {"user": {"name": "Ada", "session": Session()}}
