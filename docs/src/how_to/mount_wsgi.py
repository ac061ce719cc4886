from a2wsgi import WSGIMiddleware
from yaat import Yaat


def wsgi_app(environ, start_response):
    start_response("200 OK", [("content-type", "text/plain")])
    return [f"WSGI at {environ['PATH_INFO']}".encode()]


app = Yaat()
app.mount("/legacy", WSGIMiddleware(wsgi_app))
