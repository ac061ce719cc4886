from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yaat import Yaat
from yaat.responses import JSONResponse

app = Yaat()


@dataclass
class Invoice:
    number: int
    due: date
    amount: Decimal


@app.get("/invoice")
async def invoice(request) -> Invoice:
    return Invoice(7, date(2026, 12, 24), Decimal("19.90"))


@app.get("/vendor")
async def vendor(request):
    value = {"data": []}
    return JSONResponse(value, media_type="application/vnd.api+json")


@app.post("/echo")
async def echo(request):
    return {"got": await request.json()}
