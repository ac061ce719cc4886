from yaat import Yaat

app = Yaat()


@app.get("/hello/{name}")
async def hello(request, name):
    return f"Hello {name}"


@app.get("/double/{number}")
async def double(request, number: int):
    return {"result": number * 2}
