from yaat import Yaat
from yaat_staticfiles import StaticFiles

app = Yaat()
app.mount("/static", StaticFiles(directory="statics"))
