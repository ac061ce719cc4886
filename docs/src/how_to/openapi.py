from yaat import Yaat

app = Yaat(
    settings={
        "openapi": {
            "title": "Shop",
            "version": "2.1",
            "description": "Tea and coffee.",
            "openapi_url": "/api/openapi.json",
            "docs_url": "/api/docs",
        }
    }
)


@app.get("/prices", tags=["shop"], summary="List prices", responses={503: "Closed"})
async def prices(request) -> dict[str, int]:
    return {"tea": 3}


@app.get("/old-prices", tags=["shop"], deprecated=True)
async def old_prices(request) -> dict[str, int]:
    """List the prices of last year."""
    return {"tea": 2}


@app.get("/health", has_schema=False)
async def health(request):
    return "OK"
