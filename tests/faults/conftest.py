"""The apps that meet faults: one of each for all tests of a module, so that each test shows that it is usable still."""

import pytest

from yaat import Yaat

from . import app, connections
from .driving import Ledger, Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site[Yaat]:
    """The app for requests."""
    ledger, folder = Ledger(), app.make_folder(tmp_path_factory.mktemp("files"))
    return Site(app.make_app(ledger, folder), ledger, folder)


@pytest.fixture(scope="module")
def websocket_site(tmp_path_factory: pytest.TempPathFactory) -> Site[Yaat]:
    """The app for WebSocket connections."""
    ledger = Ledger()
    return Site(connections.make_app(ledger), ledger, tmp_path_factory.mktemp("nothing"))
