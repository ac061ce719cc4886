import pytest
from yaat_testclient import TestClient

from app import app


@pytest.fixture
def client(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/test.db")
    with TestClient(app) as client:
        yield client
