from yaat import HTTPException, Yaat

app = Yaat()
notes = {}


@app.route("/notes/{name}")
class Note:
    async def get(self, request, name):
        if name not in notes:
            raise HTTPException(404)
        return notes[name]

    async def put(self, request, name) -> None:
        notes[name] = await request.json()

    async def delete(self, request, name) -> None:
        notes.pop(name, None)
