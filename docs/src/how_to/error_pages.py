from yaat import Yaat
from yaat.responses import HTMLResponse, JSONResponse

app = Yaat()


class OutOfStock(Exception):
    pass


@app.exception_handler(404)
async def not_found(request, error):
    return HTMLResponse("<h1>Nothing here</h1>", 404)


@app.exception_handler(OutOfStock)
async def out_of_stock(request, error):
    return JSONResponse({"problem": f"No {error} left"}, 409)


@app.exception_handler(500)
async def failed(request, error):
    return HTMLResponse("<h1>That was our mistake</h1>", 500)


@app.get("/buy/{thing}")
async def buy(request, thing):
    raise OutOfStock(thing)


@app.get("/broken")
async def broken(request):
    return 1 / 0
