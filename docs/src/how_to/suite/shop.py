from yaat import Yaat


async def lifespan(app):
    yield {"mail": []}


app = Yaat(lifespan=lifespan)


@app.get("/")
async def index(request):
    return "Shop"


@app.post("/orders")
async def add_order(request):
    order = await request.json()
    request.state.mail.append(order["mail"])
    return {"mails": len(request.state.mail)}, 201


@app.get("/broken")
async def broken(request):
    return 1 / 0
