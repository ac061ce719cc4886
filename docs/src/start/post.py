from yaat import Yaat

app = Yaat()
notes = []


@app.get("/notes")
async def list_notes(request):
    return notes


@app.post("/notes")
async def add_note(request):
    note = await request.json()
    notes.append(note)
    return note, 201
