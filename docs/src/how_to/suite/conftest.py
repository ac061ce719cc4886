import pytest

from shop import app


@pytest.fixture
def yaat_app():
    return app
