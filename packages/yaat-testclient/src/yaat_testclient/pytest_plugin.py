"""This file is the pytest plugin: fixtures for a test suite of one app.

The law of this file: every pytest run loads it, so it imports neither a web framework nor an HTTP
library before a fixture is used.
"""

from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from typing import Any

import pytest

#: The fixtures behind `yaat_async_client`, by the plugin that runs the test.
ON_ANYIO = "_yaat_async_client_on_anyio"
ON_ASYNCIO = "_yaat_async_client_on_asyncio"


@pytest.fixture
def yaat_app() -> Any:
    """The app under test. A suite overrides this fixture with its own app."""
    pytest.fail(
        "The fixture 'yaat_app' has to be overridden with the app under test. In conftest.py:\n\n"
        "    @pytest.fixture\n"
        "    def yaat_app():\n"
        "        return app\n",
        pytrace=False,
    )


@pytest.fixture
def yaat_client(yaat_app: Any) -> Iterator[Any]:
    """A `TestClient` for `yaat_app`, whose lifespan runs around the test."""
    with import_module("yaat_testclient.httpx").TestClient(yaat_app) as client:
        yield client


@pytest.fixture
def yaat_async_client(request: pytest.FixtureRequest) -> Any:
    """An `AsyncTestClient` for `yaat_app`, on the loop of the test.

    It works with anyio's plugin and with pytest-asyncio, in any of its modes: each runs its own
    kind of asynchronous fixtures, and this picks the one for the plugin that runs the test.
    """
    if "anyio_backend" in request.fixturenames:
        return request.getfixturevalue(ON_ANYIO)
    if request.config.pluginmanager.hasplugin("asyncio"):
        return request.getfixturevalue(ON_ASYNCIO)
    pytest.fail(
        "The fixture 'yaat_async_client' needs a plugin that runs asynchronous tests.\n"
        "Mark the test with pytest.mark.anyio, or install pytest-asyncio and mark it with "
        "pytest.mark.asyncio.",
        pytrace=False,
    )


def make_async_client(app: Any) -> Any:
    """Return an `AsyncTestClient` for *app* that is not open yet."""
    return import_module("yaat_testclient.httpx").AsyncTestClient(app)


@pytest.fixture(name=ON_ANYIO)
async def open_on_anyio(yaat_app: Any) -> AsyncIterator[Any]:
    """The open client, for a test that anyio's plugin runs."""
    async with make_async_client(yaat_app) as client:
        yield client


try:
    import pytest_asyncio
except ImportError:
    # Then no test asks for the fixture below.
    pass
else:

    @pytest_asyncio.fixture(name=ON_ASYNCIO)
    async def open_on_asyncio(yaat_app: Any) -> AsyncIterator[Any]:
        """The open client, for a test that pytest-asyncio runs."""
        async with make_async_client(yaat_app) as client:
            yield client
