"""This file is what serves in the place of an app that cannot start: its error, on every path."""

from typing import Any

from yaat import Yaat
from yaat.asgi import Receive, Scope, Send

from .pages import make_page


class StandIn:
    """An ASGI app that has one answer to everything.

    Args:
        error: Why the app cannot start.
    """

    def __init__(self, error: BaseException) -> None:
        self._error = error if isinstance(error, Exception) else RuntimeError(f"The app ended with {error!r}.")
        self._app = Yaat(autoload=False, debug=True, exception_handlers={404: self._answer})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; a WebSocket is refused."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1011})
            return
        await self._app(scope, receive, send)

    async def _answer(self, request: Any, error: Exception) -> Any:
        """Answer with the error of the app, whatever was asked for."""
        return make_page(request, self._error)
