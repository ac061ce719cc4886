from yaat import HTTPException, Yaat

SAFE = ("GET", "HEAD", "OPTIONS")


class SameSite:
    def process_request(self, request):
        if request.method in SAFE:
            return
        site = request.headers.get("sec-fetch-site")
        if site is None:
            own = f"{request.url.scheme}://{request.url.netloc}"
            site = "none" if request.headers.get("origin", own) == own else "cross-site"
        if site not in ("same-origin", "none"):
            raise HTTPException(403, "Send this form from our own page.")


app = Yaat()
app.add_middleware(SameSite, stage="security")


@app.post("/transfer")
async def transfer(request):
    form = await request.form()
    return f"Sent {form.get('amount', 'nothing')}"
