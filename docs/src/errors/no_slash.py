from yaat import Yaat

app = Yaat()


@app.get("books")
async def books(request):
    return []
