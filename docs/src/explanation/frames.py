import inspect

from yaat import Yaat


class Nothing:
    def process_request(self, request):
        pass


app = Yaat(middleware=[Nothing] * 20)


@app.get("/")
async def index(request):
    return [frame.function for frame in inspect.stack()[:3]]
