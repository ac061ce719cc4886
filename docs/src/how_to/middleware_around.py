from time import perf_counter

from yaat import Router, Yaat


def timed(request):
    begin = perf_counter()
    response = yield
    milliseconds = (perf_counter() - begin) * 1000
    response.headers["server-timing"] = f"app;dur={milliseconds:.1f}"


app = Yaat(middleware=[timed])


def private(request):
    response = yield
    response.headers["cache-control"] = "no-store"


account = Router(prefix="/account", middleware=[private])


@account.get("/")
async def show_account(request):
    return "Account"


@app.get("/")
async def index(request):
    return "Index"


app.mount(account)
