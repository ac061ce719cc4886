import logging
from time import perf_counter

from yaat import Yaat

logger = logging.getLogger("shop.requests")


def log_request(request):
    begin = perf_counter()
    response = yield
    milliseconds = (perf_counter() - begin) * 1000
    logger.info(
        "%s %s → %d in %.0f ms",
        request.method,
        request.path,
        response.status_code,
        milliseconds,
    )


app = Yaat()
app.add_middleware(log_request, stage="observe")


@app.get("/")
async def index(request):
    return "Hello"


@app.get("/broken")
async def broken(request):
    return 1 / 0
