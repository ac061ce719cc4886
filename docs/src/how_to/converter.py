from yaat import Yaat
from yaat.records import PathConverter

COLOURS = {"red": "#f00", "teal": "#088"}


def parse_colour(text):
    if text not in COLOURS:
        raise ValueError(text)
    return COLOURS[text]


app = Yaat(converters=[PathConverter(name="colour", parse=parse_colour)])


@app.get("/paint/{colour:colour}")
async def paint(request, colour):
    return {"colour": colour}


@app.get("/files/{path:path}")
async def file(request, path):
    return {"path": path}


@app.get("/days/{day:date}")
async def day(request, day):
    return {"weekday": f"{day:%A}"}
