from yaat import Yaat

app = Yaat()


async def find_book():
    return {"title": "Emma"}


@app.get("/")
async def index(request):
    return find_book()
