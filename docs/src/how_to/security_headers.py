from yaat import Yaat
from yaat.responses import HTMLResponse

HEADERS = {
    "content-security-policy": "default-src 'self'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class SecurityHeaders:
    def process_response(self, request, response):
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)


app = Yaat()
app.add_middleware(SecurityHeaders, stage="security")


@app.get("/")
async def index(request):
    return HTMLResponse("<h1>Shop</h1>")


@app.get("/embed")
async def embed(request):
    return HTMLResponse("<p>Widget</p>", headers={"x-frame-options": "SAMEORIGIN"})
