from typing import Annotated

from yaat import HTTPException, Yaat
from yaat_typed import Header, Use

app = Yaat()
USERS = {"secret": "ada"}
log = []


async def get_user(token: Annotated[str, Header("x-token")] = ""):
    if token not in USERS:
        raise HTTPException(401, "Send your token in X-Token.")
    return USERS[token]


def open_session():
    log.append("open")
    try:
        yield {"rows": 3}
    finally:
        log.append("close")


User = Annotated[str, Use(get_user)]
Session = Annotated[dict, Use(open_session)]


@app.get("/me")
async def me(user: User):
    return {"user": user}


@app.get("/rows")
async def rows(user: User, session: Session):
    log.append("handle")
    return {"user": user, "rows": session["rows"]}
