"""The two processes of `yaat dev`."""

import logging
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from yaat_cli.dev.serving import make_server, read_options
from yaat_cli.dev.watching import Watcher
from yaat_cli.finding import find_target
from yaat_cli.ports import open_socket

Write = Callable[[str, str], Path]
APP = "import os\nfrom yaat import Yaat\napp = Yaat(autoload=False)\n\n\n@app.get('/')\nasync def index(request):\n"
#: Longer than anything here takes.
PATIENCE_SECONDS = 20


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """What a process writes to its terminal is that of other tests again, afterwards."""
    loggers = [logging.getLogger(name) for name in ("", "uvicorn.access", "uvicorn.error", "yaat.lifespan")]
    before = [(logger, list(logger.handlers), logger.propagate, logger.level) for logger in loggers]
    yield
    for logger, handlers, propagate, level in before:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def fetch(port: int) -> str:
    """Return what curl would get; an empty text when nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE_SECONDS) as response:
            return str(response.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return error.read().decode()
    except OSError:
        return ""


def test_the_process_that_serves_says_when_it_answers(
    write: Write, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And writes a line for each request."""
    write("app.py", f"{APP}    return 'Hello'\n")
    server = make_server(read_options([f"--folder={project}"]))
    with open_socket("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        assert fetch(port) == "Hello"
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
    told = capsys.readouterr().err
    assert re.search(r"^Ready in \d\.\d s\.$", told, re.MULTILINE)
    assert "GET / 200" in told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_process_that_serves_ends_quietly(write: Write, project: Path, number: int) -> None:
    """It shows an error until then, and says nothing of being told to end."""
    write("app.py", "1 / 0\n")
    with open_socket("127.0.0.1", 0) as listener:
        port, fd = listener.getsockname()[1], listener.fileno()
        command = [sys.executable, "-m", "yaat_cli.dev.serving", f"--folder={project}", f"--fd={fd}"]
        with subprocess.Popen(command, pass_fds=(fd,), stderr=subprocess.PIPE, text=True) as process:
            assert fetch(port).startswith("500 ZeroDivisionError")
            process.send_signal(number)
            _, told = process.communicate(timeout=PATIENCE_SECONDS)
    assert told.splitlines() == [
        "app.py:1 in <module>",
        "    1 / 0",
        "ZeroDivisionError: division by zero",
        "The browser shows this error until the next save.",
        "GET / 500",
    ]


def test_the_process_that_watches_serves_each_save(
    write: Write, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It says what was saved, survives what ends the other process, and leaves nothing behind."""
    write("app.py", f"{APP}    return 'one'\n")
    faults: list[str] = []

    def expect(port: int, text: str) -> None:
        end = threading.Event()
        for _ in range(PATIENCE_SECONDS * 50):
            if fetch(port) == text:
                return
            end.wait(0.02)
        faults.append(f"nobody said {text!r}")

    def change(port: int) -> None:
        expect(port, "one")
        write("app.py", f"{APP}    return 'two'\n")
        expect(port, "two")
        write("app.py", f"{APP}    os._exit(7)\n")
        expect(port, "")
        for name in "abcd":
            write(f"{name}.py", "")
        write("app.py", f"{APP}    return 'three'\n")
        expect(port, "three")
        os.kill(os.getpid(), signal.SIGTERM)

    with open_socket("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=change, args=(listener.getsockname()[1],))
        thread.start()
        Watcher(find_target(), listener).run()
        thread.join(PATIENCE_SECONDS)
    assert faults == []
    assert "Saved: app.py\n" in capfd.readouterr().err
