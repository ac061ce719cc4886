from typing import Annotated

from yaat import HTTPException, Yaat
from yaat_typed import Query, Use
from yaat_websockets import WebSocket, heartbeat

app = Yaat()
TICKETS = {"t-123": "ada"}


async def get_user(ticket: Annotated[str, Query()] = "") -> str:
    if ticket not in TICKETS:
        raise HTTPException(401, "Ask for a ticket first.")
    return TICKETS[ticket]


@app.websocket_route("/inbox")
async def inbox(websocket: WebSocket, user: Annotated[str, Use(get_user)]):
    await websocket.accept()
    async with heartbeat(websocket, every_seconds=20):
        async for text in websocket.iter_text():
            await websocket.send_text(f"{user}: {text}")
