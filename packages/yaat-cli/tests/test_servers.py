"""What `yaat run` calls servers with."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from yaat import Yaat
from yaat_cli.errors import CommandFailed
from yaat_cli.production import make_app, turn_debug_off
from yaat_cli.servers import SERVERS, Options, make_command

Run = Callable[..., Result]
Write = Callable[[str, str], Path]
OPTIONS = Options(host="::1", port=8080, workers=3, root_path="/shop", log_level="warning")


@pytest.mark.parametrize("server", SERVERS)
def test_every_server_is_told_all(server: str) -> None:
    """The address, the number of workers, the mount, how much to tell; and where the app is."""
    words = SERVERS[server](OPTIONS)
    assert words[0].startswith("yaat_cli.production:make_app")
    text = " ".join(words)
    assert [word for word in ("::1", "8080", "workers=3", "/shop", "warning") if word not in text] == []


@pytest.mark.parametrize("server", ["granian", "hypercorn"])
def test_a_root_path_is_left_out_when_there_is_none(server: str) -> None:
    """Servers take an empty one for a mistake."""
    plain = Options(host="127.0.0.1", port=8080, workers=1, root_path="", log_level="info")
    assert not [word for word in SERVERS[server](plain) if "path" in word]


def test_hypercorn_alone_serves_in_its_own_process() -> None:
    """Only there does the app learn in time that it will be stopped."""
    alone = Options(host="127.0.0.1", port=8080, workers=1, root_path="", log_level="info")
    assert "--workers=0" in SERVERS["hypercorn"](alone)


def test_a_server_that_is_not_installed_is_one_sentence_and_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line to write."""
    monkeypatch.setattr("yaat_cli.servers.find_spec", lambda name: None)
    with pytest.raises(CommandFailed, match="The server granian is not installed.\nInstall it: pip install granian"):
        make_command("granian", OPTIONS)


def test_a_server_is_run_as_a_module() -> None:
    """By the same Python."""
    assert make_command("uvicorn", OPTIONS)[:3] == [sys.executable, "-m", "uvicorn"]


def test_debug_is_off_in_production(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the app says."""
    write("shop.py", "from yaat import Yaat\napp = Yaat(debug=True, autoload=False)\n")
    monkeypatch.setenv("YAAT_APP", "shop:app")
    assert make_app().debug is False
    quiet = Yaat()
    assert turn_debug_off(quiet) is quiet


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0\n", "ZeroDivisionError"),
        ("from yaat import Yaat\napp = Yaat(autoload=False, plugins=['nothing'])\n", "plugins= names 'nothing'"),
    ],
)
def test_an_app_that_does_not_work_starts_no_server(run: Run, write: Write, source: str, message: str) -> None:
    """Workers would only fail again and again."""
    write("app.py", source)
    done = run("run")
    assert (done.exit_code, message in done.output) == (1, True)


def test_an_app_of_another_kind_is_served_unexamined(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot be built, and need not be."""
    called: list[list[str]] = []
    monkeypatch.setattr("os.execve", lambda path, words, environment: called.append(words))
    write("src/app.py", "async def app(scope, receive, send): ...\n")
    run("run", "--port", "65001")
    assert called[0][2] == "uvicorn"


def test_debug_in_the_app_is_mentioned(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is off here, and on in `yaat dev`."""
    monkeypatch.setattr("os.execve", lambda path, words, environment: None)
    write("app.py", "from yaat import Yaat\napp = Yaat(debug=True, autoload=False)\n")
    assert "The app says debug=True; it is off here." in run("run", "--port", "65001").stderr
