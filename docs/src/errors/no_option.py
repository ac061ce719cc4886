from yaat import Yaat

app = Yaat()


@app.route("/books", method="POST")
async def add_book(request):
    return {}
