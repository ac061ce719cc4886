from yaat import Yaat
from yaat_templates import Templates

app = Yaat(
    plugins=[Templates(context={"shop": "Tea & Co"}), "openapi"],
    settings={"openapi": {"title": "Shop"}},
    block=["forms"],
    required_plugins=["websockets", "typed>=0.2"],
)
