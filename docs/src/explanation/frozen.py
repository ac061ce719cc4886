from yaat import Yaat

app = Yaat()


@app.get("/")
async def index(request):
    return "Hello"


app.build()
app.add_route("/late", index)
