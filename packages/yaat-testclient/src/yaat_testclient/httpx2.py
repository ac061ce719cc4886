"""This file is the test clients that are clients of httpx2."""

import httpx2

from .clients import AsyncTestClient as AsyncTestClientMethods
from .clients import SyncTestClient as SyncTestClientMethods
from .options import Library
from .streams import AsyncBody, SyncBody


class SyncStream(SyncBody, httpx2.SyncByteStream):
    """A body as httpx2 wants it."""


class AsyncStream(AsyncBody, httpx2.AsyncByteStream):
    """A body as httpx2 wants it."""


LIBRARY = Library(
    Response=httpx2.Response,
    ByteStream=httpx2.ByteStream,
    ReadTimeout=httpx2.ReadTimeout,
    RemoteProtocolError=httpx2.RemoteProtocolError,
    UnsupportedProtocol=httpx2.UnsupportedProtocol,
    SyncStream=SyncStream,
    AsyncStream=AsyncStream,
)


class TestClient(SyncTestClientMethods, httpx2.Client):
    """A `httpx2.Client` for an ASGI app in process."""

    _library = LIBRARY


class AsyncTestClient(AsyncTestClientMethods, httpx2.AsyncClient):
    """An `httpx2.AsyncClient` for an ASGI app in process."""

    _library = LIBRARY
