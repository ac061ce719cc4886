from yaat import Yaat

app = Yaat(plugins=["open-api"])
