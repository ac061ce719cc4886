from yaat import Yaat

app = Yaat(settings={"openapi": {"titel": "Shop"}})
