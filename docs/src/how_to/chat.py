from yaat import Yaat
from yaat_websockets import Channel, sending

app = Yaat()
rooms = Channel()


@app.websocket_route("/chat/{room}")
async def chat(websocket, room):
    name = websocket.query_params.get("name")
    if not name:
        await websocket.deny(403, "Tell your name: ?name=…")
        return
    async with rooms.subscribe(room) as messages:
        await websocket.accept()
        async with sending(websocket, messages):
            async for text in websocket.iter_text():
                await rooms.publish(room, f"{name}: {text}")
