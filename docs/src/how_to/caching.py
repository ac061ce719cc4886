from yaat import Yaat
from yaat.cache_control import CacheControl
from yaat.conditional import make_conditional
from yaat.responses import JSONResponse

app = Yaat()
prices = {"tea": 3, "coffee": 4}


@app.get("/prices")
async def list_prices(request):
    response = JSONResponse(prices)
    response.headers["cache-control"] = str(CacheControl(public=True, max_age=60))
    return make_conditional(request, response, etag=True)
