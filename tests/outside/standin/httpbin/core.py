"""The example as a WSGI app, through the bridge of a2wsgi."""

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from a2wsgi import ASGIMiddleware
from werkzeug.test import Client, TestResponse

#: The tests ask whether the page for want of Swagger UI is shown; here there is none ever.
Swagger = False


class WholeClient(Client):
    """A client that reads each response whole, also where a test does not: no request is left half served."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        """Send a request."""
        return super().open(*args, **{**options, "buffered": True})


class App:
    """The example, as Flask's apps look to tests."""

    debug = False

    def __init__(self, app: Any) -> None:
        self._bridge = ASGIMiddleware(app)

    def __call__(self, environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Serve one request."""
        # WSGI has no chunks: it says how long content is, or that there is none (PEP 3333, "environ Variables").
        if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
            start_response("501 Not Implemented", [("Content-Length", "0")])
            return [b""]
        chunks: Iterable[bytes] = self._bridge(environ, start_response)
        return chunks

    def test_client(self) -> WholeClient:
        """Return a client that keeps cookies."""
        return WholeClient(self)


app = App(import_module("app").app)
