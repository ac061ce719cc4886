from yaat import HTTPException, Yaat

app = Yaat()


@app.get("/account")
async def account(request):
    raise HTTPException(
        402, "Your balance is too low.", {"retry-after": "3600"}, balance=30, price=50
    )
