import asyncio

from yaat import Yaat
from yaat.responses import StreamResponse

app = Yaat()


async def make_rows():
    yield "number,square\n"
    for number in range(1, 4):
        await asyncio.sleep(0)
        yield f"{number},{number * number}\n"


@app.get("/squares.csv")
async def squares(request):
    return StreamResponse(make_rows(), media_type="text/csv")
