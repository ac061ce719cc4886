from yaat import Yaat

app = Yaat()
players = set()


@app.websocket_route("/game/{name}")
class Game:
    encoding = "json"

    async def on_connect(self, websocket, name):
        await websocket.accept()
        players.add(name)

    async def on_receive(self, websocket, message):
        await websocket.send_json({"total": sum(message)})

    async def on_disconnect(self, websocket, code, name):
        players.discard(name)
