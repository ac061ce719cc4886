from yaat import Yaat
from yaat.responses import TextResponse

app = Yaat()


@app.get("/")
async def index(request):
    return {"theme": request.cookies.get("theme", "light")}


@app.post("/theme/{name}")
async def set_theme(request, name):
    response = TextResponse("Done")
    response.set_cookie("theme", name, max_age=365 * 86400, secure=True, httponly=True)
    return response


@app.delete("/theme")
async def forget_theme(request):
    response = TextResponse("Forgotten")
    response.delete_cookie("theme")
    return response
