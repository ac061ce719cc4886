import os

from itsdangerous import BadSignature, URLSafeTimedSerializer
from yaat import HTTPException, Yaat
from yaat.responses import TextResponse

app = Yaat()
signer = URLSafeTimedSerializer(os.environ["SECRET_KEY"], salt="user")


@app.post("/login/{name}")
async def login(request, name):
    response = TextResponse(f"Hello {name}")
    response.set_cookie("user", signer.dumps(name), secure=True, httponly=True)
    return response


@app.get("/me")
async def me(request):
    try:
        return signer.loads(request.cookies.get("user", ""), max_age=86400)
    except BadSignature as error:
        raise HTTPException(401, "Log in first.", {"WWW-Authenticate": "Cookie"}) from error
