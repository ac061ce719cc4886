"""This file is the test clients that are clients of httpx."""

import httpx

from .clients import AsyncTestClient as AsyncTestClientMethods
from .clients import SyncTestClient as SyncTestClientMethods
from .options import Library
from .streams import AsyncBody, SyncBody


class SyncStream(SyncBody, httpx.SyncByteStream):
    """A body as httpx wants it."""


class AsyncStream(AsyncBody, httpx.AsyncByteStream):
    """A body as httpx wants it."""


LIBRARY = Library(
    Response=httpx.Response,
    ByteStream=httpx.ByteStream,
    ReadTimeout=httpx.ReadTimeout,
    RemoteProtocolError=httpx.RemoteProtocolError,
    UnsupportedProtocol=httpx.UnsupportedProtocol,
    SyncStream=SyncStream,
    AsyncStream=AsyncStream,
)


class TestClient(SyncTestClientMethods, httpx.Client):
    """A `httpx.Client` for an ASGI app in process."""

    _library = LIBRARY


class AsyncTestClient(AsyncTestClientMethods, httpx.AsyncClient):
    """An `httpx.AsyncClient` for an ASGI app in process."""

    _library = LIBRARY
