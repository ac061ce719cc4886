from yaat import Yaat
from yaat.exceptions import NotFound

app = Yaat(
    settings={
        "openapi": {
            "title": "Shop",
            "security_schemes": {"token": {"type": "http", "scheme": "bearer"}},
            "security": ["token"],
        }
    }
)


@app.get("/orders/{number}", raises=[NotFound])
async def find_order(request, number: int) -> dict[str, int]:
    """Return one order.

    The number is on the invoice.
    """
    if number != 7:
        raise NotFound(f"There is no order {number}.")
    return {"number": number}


@app.get("/prices", security=[])
async def list_prices(request) -> dict[str, int]:
    """List the prices; everybody may."""
    return {"tea": 3}
