from yaat import Yaat


def add_header(request, response):
    response.headers["x-shop"] = "tea"


app = Yaat(middleware=[add_header])


@app.get("/")
async def index(request):
    return "Hello"
