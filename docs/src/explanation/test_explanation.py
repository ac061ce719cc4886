"""What the pages in explanation/ say of their samples."""

import pytest
from yaat.exceptions import AppBuilt
from yaat_testclient import TestClient


def test_raw_asgi(load):
    with TestClient(load("raw_asgi.py").app, lifespan="off") as client:
        assert client.get("/").text == "Hello World"


def test_by_hand(run):
    assert run("by_hand.py") == "http.response.start 200\nhttp.response.body b'Hello Ada'\n"


def test_order(load):
    sample = load("order.py")
    with TestClient(sample.app) as client:
        client.get("/books/")
    assert sample.events == [
        "app before",
        "router before",
        "route before",
        "handler",
        "route after",
        "router after",
        "app after",
    ]


def test_frames(load):
    with TestClient(load("frames.py").app) as client:
        assert client.get("/").json() == ["index", "respond", "serve"]


def test_frozen(load):
    with pytest.raises(AppBuilt, match="came too late"):
        load("frozen.py")
