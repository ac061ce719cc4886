from hmac import compare_digest
from typing import Annotated

from yaat import HTTPException, Yaat
from yaat_typed import Header, Use

app = Yaat()
TOKENS = {"ada": "c2VjcmV0LW9mLWFkYQ"}


async def get_user(authorization: Annotated[str, Header()] = ""):
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() == "bearer":
        for user, known in TOKENS.items():
            if compare_digest(token.encode(), known.encode()):
                return user
    raise HTTPException(401, "Send a token.", {"www-authenticate": "Bearer"})


@app.get("/me")
async def me(user: Annotated[str, Use(get_user)]):
    return {"user": user}
