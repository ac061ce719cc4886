"""This file is a WebSocket in the hands of an asynchronous test."""

import json
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

from .errors import WebSocketDisconnect
from .handshake import NORMAL_CLOSURES, Session, check_bytes, check_text, format_json
from .transports import noted_on


class AsyncWebSocketSession(Session):
    """A WebSocket for asynchronous tests. Connected by ``async with``, closed at its end."""

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            WebSocketDenied: The app refused.
            ReadTimeout: It neither accepted nor refused.
        """
        self._check_new()
        response = await self._client.send(self._request, stream=True, follow_redirects=False)
        await response.aread()
        self._enter(response)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with noted_on(error):
            if self._connection is not None:
                await self.close()

    async def send_text(self, data: str) -> None:
        """Send a text message.

        Raises:
            WebSocketDisconnect: The app has closed the connection.
        """
        await self._say(check_text(data))

    async def send_bytes(self, data: bytes) -> None:
        """Send a binary message.

        Raises:
            WebSocketDisconnect: The app has closed the connection.
        """
        await self._say(check_bytes(data))

    async def send_json(self, data: Any) -> None:
        """Send *data* as JSON in a text message.

        Raises:
            WebSocketDisconnect: The app has closed the connection.
        """
        await self.send_text(format_json(data))

    async def receive(self) -> str | bytes:
        """Return the next message, text or binary.

        Raises:
            WebSocketDisconnect: The app has closed the connection, and there is none.
            ReadTimeout: None came within the limit of the client.
        """
        data: str | bytes = await self._get_connection().receive(self._limit_seconds)
        return data

    async def receive_text(self) -> str:
        """Return the next message, which must be text.

        Raises:
            TypeError: It is binary.
            WebSocketDisconnect: The app has closed the connection, and there is none.
        """
        return check_text(await self.receive())

    async def receive_bytes(self) -> bytes:
        """Return the next message, which must be binary.

        Raises:
            TypeError: It is text.
            WebSocketDisconnect: The app has closed the connection, and there is none.
        """
        return check_bytes(await self.receive())

    async def receive_json(self) -> Any:
        """Return the data in the next message, text or binary.

        Raises:
            ValueError: It is not JSON.
            WebSocketDisconnect: The app has closed the connection, and there is none.
        """
        return json.loads(await self.receive())

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        """Yield messages until the app closes the connection as it should.

        Raises:
            WebSocketDisconnect: It closed with another code than 1000 or 1001.
        """
        while True:
            try:
                yield await self.receive()
            except WebSocketDisconnect as end:
                if end.code not in NORMAL_CLOSURES:
                    raise
                return

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection, and wait until the app has ended.

        Args:
            code: What the app is told; 1006 stands for a connection that was lost.
            reason: What the app is told.

        Raises:
            BaseException: What the app did wrong.
        """
        conversation = self._get_connection()
        self._connection = None
        await conversation.end(code, reason)

    async def _say(self, data: str | bytes) -> None:
        await self._get_connection().say(data)
