"""This file is a WebSocket in the hands of a synchronous test."""

import json
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from .errors import WebSocketDisconnect
from .handshake import NORMAL_CLOSURES, Session, check_bytes, check_text, format_json
from .transports import noted_on


class WebSocketSession(Session):
    """A WebSocket for synchronous tests. Connected by ``with``, closed at its end."""

    def __enter__(self) -> Self:
        """Connect.

        Raises:
            WebSocketDenied: The app refused.
            ReadTimeout: It neither accepted nor refused.
        """
        self._check_new()
        response = self._client.send(self._request, stream=True, follow_redirects=False)
        response.read()
        self._enter(response)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with noted_on(error):
            if self._connection is not None:
                self.close()

    def send_text(self, data: str) -> None:
        """Send a text message.

        Raises:
            WebSocketDisconnect: The app has closed the connection.
        """
        self._say(check_text(data))

    def send_bytes(self, data: bytes) -> None:
        """Send a binary message.

        Raises:
            WebSocketDisconnect: The app has closed the connection.
        """
        self._say(check_bytes(data))

    def send_json(self, data: Any) -> None:
        """Send *data* as JSON in a text message.

        Raises:
            WebSocketDisconnect: The app has closed the connection.
        """
        self.send_text(format_json(data))

    def receive(self) -> str | bytes:
        """Return the next message, text or binary.

        Raises:
            WebSocketDisconnect: The app has closed the connection, and there is none.
            ReadTimeout: None came within the limit of the client.
        """
        conversation, call = self._get_connection()
        data: str | bytes = call(conversation.receive, self._limit_seconds)
        return data

    def receive_text(self) -> str:
        """Return the next message, which must be text.

        Raises:
            TypeError: It is binary.
            WebSocketDisconnect: The app has closed the connection, and there is none.
        """
        return check_text(self.receive())

    def receive_bytes(self) -> bytes:
        """Return the next message, which must be binary.

        Raises:
            TypeError: It is text.
            WebSocketDisconnect: The app has closed the connection, and there is none.
        """
        return check_bytes(self.receive())

    def receive_json(self) -> Any:
        """Return the data in the next message, text or binary.

        Raises:
            ValueError: It is not JSON.
            WebSocketDisconnect: The app has closed the connection, and there is none.
        """
        return json.loads(self.receive())

    def __iter__(self) -> Iterator[str | bytes]:
        """Yield messages until the app closes the connection as it should.

        Raises:
            WebSocketDisconnect: It closed with another code than 1000 or 1001.
        """
        while True:
            try:
                yield self.receive()
            except WebSocketDisconnect as end:
                if end.code not in NORMAL_CLOSURES:
                    raise
                return

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection, and wait until the app has ended.

        Args:
            code: What the app is told; 1006 stands for a connection that was lost.
            reason: What the app is told.

        Raises:
            BaseException: What the app did wrong.
        """
        conversation, call = self._get_connection()
        self._connection = None
        call(conversation.end, code, reason)

    def _say(self, data: str | bytes) -> None:
        conversation, call = self._get_connection()
        call(conversation.say, data)
