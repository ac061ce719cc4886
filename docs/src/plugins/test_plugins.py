"""What the pages in plugins/ say of their samples."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from yaat.plugins import PluginErrors
from yaat_testclient import TestClient

HERE = Path(__file__).parent


def test_use(load):
    app = load("use.py").app
    app.build()
    states = {status.owner.plugin: status.state for status in app.report.plugins}
    assert states["forms"] == "blocked"
    assert (
        states["templates"]
        == states["openapi"]
        == states["websockets"]
        == states["typed"]
        == "active"
    )


def test_use_without_a_required_plugin(load, monkeypatch):
    monkeypatch.setenv("YAAT_BLOCK", "websockets")
    with pytest.raises(PluginErrors) as broken:
        load("use.py").app.build()
    assert "websockets" in str(broken.value.errors[0])


def test_report(run):
    printed = run("report.py")
    assert "forms blocked" in printed
    assert "typed active" in printed
    assert "book" in printed.partition("GET /books/7")[2]


def test_greeting(load):
    sample = load("greeting.py")
    with TestClient(sample.app) as client:
        assert client.get("/greeting").text == "Good morning"
    assert sample.app.url_for("greeting:page") == "/greeting"


def test_request_id(load):
    with TestClient(load("request_id.py").app) as client:
        answer = client.get("/", headers={"x-request-id": "7"})
        assert (answer.text, answer.headers["x-request-id"]) == ("7", "7")
        assert len(client.get("/nowhere").headers["x-request-id"]) == 32


def test_response_type(load):
    with TestClient(load("response_type.py").app) as client:
        answer = client.get("/prices.csv")
        assert answer.text == "tea,3\ncoffee,4\n"
        assert answer.headers["content-type"].startswith("text/csv")


def test_lifespan(load):
    sample = load("lifespan.py")
    with TestClient(sample.app) as client:
        assert client.post("/send").status_code == 204
    assert sample.events == ["connect", "send", "disconnect"]


def test_parameter(load):
    with TestClient(load("parameter.py").app) as client:
        assert client.get("/", headers={"accept-language": "fr,en"}).json() == {
            "language": "fr"
        }


def test_own_hook(load):
    with TestClient(load("own_hook.py").app) as client:
        assert client.get("/menu").json() == ["Green tea", "Black tea"]


def test_command(load, monkeypatch):
    load("command.py")
    done = subprocess.run(
        [sys.executable, "-B", "-m", "yaat_cli", "--app", "command:app", "count"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "1 routes\n", done.stderr


def test_suite(load):
    """The tests that the page shows pass, run as their reader runs them."""
    folder = HERE / "suite"
    done = subprocess.run(
        [
            sys.executable,
            "-B",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--rootdir={folder}",
            f"--confcutdir={folder}",
            "-c",
            "/dev/null",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert " passed" in done.stdout
    assert " failed" not in done.stdout, done.stdout
    load("suite/greeting.py")


def test_package():
    settings = tomllib.loads((HERE / "pyproject.toml").read_text())
    assert settings["project"]["entry-points"]["yaat"] == {
        "greeting": "yaat_greeting:GreetingPlugin"
    }
