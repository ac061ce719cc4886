"""`yaat dev` and `yaat run` as people use them: real processes, real saves, real servers."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

#: Longer than anything here takes.
PATIENCE_SECONDS = 20
#: What the terminal may be told of a mistake.
MAX_LINES = 6

APP = """import os

from yaat import Yaat

app = Yaat(autoload=False)


@app.get("/")
async def index(request):
    return {answer}


@app.get("/pid")
async def pid(request):
    return str(os.getpid())
"""


class Command:
    """A `yaat` that runs, with what it prints."""

    def __init__(self, folder: Path, *words: str) -> None:
        command = [sys.executable, "-m", "yaat_cli", *words]
        env = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            text=True,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            # Where these tests run in the background, SIGINT is ignored, and that is inherited.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - the child has one thread
        )
        self._lines: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def text(self) -> str:
        """What it has printed."""
        return "".join(self._lines)

    def wait_for(self, text: str, *, after: int = 0) -> str:
        """Return what it has printed when *text* is in it, beyond so many characters."""
        with self._news:
            self._news.wait_for(lambda: text in self.text[after:] or self.process.poll() is not None, PATIENCE_SECONDS)
        assert text in self.text[after:], f"no {text!r} in:\n{self.text}"
        return self.text[after:]

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end, and return its status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)

    def kill(self) -> None:
        """End it and whatever it has started, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join()
        assert self.process.stderr is not None
        self.process.stderr.close()

    def wait_for_silence(self) -> bool:
        """Return whether nobody is left who could print something."""
        self._reader.join(PATIENCE_SECONDS)
        return not self._reader.is_alive()

    def _read(self) -> None:
        """Take note of each line."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._news:
                self._lines.append(line)
                self._news.notify_all()


Start = Callable[..., Command]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a `yaat` in the project; it is ended after the test."""
    commands: list[Command] = []

    def start_command(*words: str) -> Command:
        commands.append(Command(tmp_path, *words))
        return commands[-1]

    yield start_command
    for command in commands:
        command.kill()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], None]:
    """Save the app with some answer."""

    def save(answer: str) -> None:
        (tmp_path / "app.py").write_text(APP.replace("{answer}", answer))

    return save


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def fetch(port: int, accept: str = "*/*", path: str = "/") -> tuple[int, str]:
    """Return status and content."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def find_port(command: Command) -> int:
    """Return the port that a `yaat dev` has taken."""
    match = re.search(r"http://127\.0\.0\.1:(\d+)", command.wait_for("Ctrl-C ends"))
    assert match is not None
    return int(match[1])


def test_dev_answers_within_two_seconds(start: Start, write: Callable[[str], None]) -> None:
    """From the command to the first answer; the port is open before the app is imported."""
    write("'Hello'")
    begin = time.monotonic()
    command = start("dev", "--port", "0")
    assert fetch(find_port(command)) == (200, "Hello")
    seconds = time.monotonic() - begin
    print(f"\nyaat dev answered after {seconds:.2f} s")
    assert seconds < 2


def test_dev_shows_a_save_that_does_not_compile_and_recovers(start: Start, write: Callable[[str], None]) -> None:
    """In the browser, for curl and for programs, and in six lines of the terminal; then the next save is served."""
    write("'Hello'")
    command = start("dev", "--port", "0")
    port = find_port(command)
    command.wait_for("Ready in")
    first = fetch(port, path="/pid")[1]

    seen = len(command.text)
    write("'Hello")
    told = command.wait_for("The browser shows this error", after=seen)
    lines = told.partition("Saved: app.py\n")[2].partition("The browser")[0].splitlines()
    assert lines[0] == "app.py:10"
    assert lines[-1].startswith("SyntaxError: unterminated string literal")
    assert len(lines) <= MAX_LINES
    status, page = fetch(port, "text/html")
    assert (status, "unterminated string literal" in page, page.startswith("<!")) == (500, True, True)
    assert fetch(port)[1].startswith("500 ")
    assert '"status":500' in fetch(port, "application/json")[1]

    seen = len(command.text)
    write("'Hello again'")
    command.wait_for("Ready in", after=seen)
    assert fetch(port) == (200, "Hello again")
    assert fetch(port, path="/pid")[1] != first


def test_dev_shows_what_a_handler_raises(start: Start, write: Callable[[str], None]) -> None:
    """In few lines of the user's own code; the server goes on."""
    write("{'a': 1}[request.query_params['key']]")
    command = start("dev", "--port", "0")
    port = find_port(command)
    command.wait_for("Ready in")
    seen = len(command.text)
    assert fetch(port, "text/html", "/?key=b")[0] == 500
    told = command.wait_for("GET /?key=b 500", after=seen)
    lines = told.partition("failed (route / of the app, added at app.py:8)\n")[2].partition("GET /?key")[0].splitlines()
    assert lines == ["app.py:10 in index", "    return {'a': 1}[request.query_params['key']]", "KeyError: 'b'"]
    assert fetch(port, path="/?key=a") == (200, "1") or fetch(port, path="/pid")[0] == 200


def test_dev_survives_an_app_that_ends_its_process(start: Start, write: Callable[[str], None]) -> None:
    """The next save starts it anew."""
    write("os._exit(7)")
    command = start("dev", "--port", "0")
    port = find_port(command)
    command.wait_for("Ready in")
    with pytest.raises((ConnectionError, urllib.error.URLError)):
        fetch(port)
    command.wait_for("The app ended its process (status 7)")
    seen = len(command.text)
    write("'Hello'")
    command.wait_for("Ready in", after=seen)
    assert fetch(port) == (200, "Hello")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_dev_leaves_no_process_behind(start: Start, write: Callable[[str], None], number: int) -> None:
    """However it is ended."""
    write("'Hello'")
    command = start("dev", "--port", "0")
    port = find_port(command)
    command.wait_for("Ready in")
    serving = int(fetch(port, path="/pid")[1])
    assert command.end(number) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(serving, 0)


def test_dev_follows_its_parent(start: Start, write: Callable[[str], None]) -> None:
    """When that is killed, the process that serves ends by itself, and the terminal hears of nobody any more."""
    write("'Hello'")
    command = start("dev", "--port", "0")
    find_port(command)
    command.wait_for("Ready in")
    command.process.kill()
    assert command.wait_for_silence()


@pytest.mark.parametrize("words", [("dev",), ("run",)])
def test_a_port_in_use_is_one_sentence_and_the_fix(
    start: Start, write: Callable[[str], None], words: tuple[str]
) -> None:
    """For either command."""
    write("'Hello'")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = start(*words, "--port", str(port))
        assert command.process.wait(PATIENCE_SECONDS) == 1
    assert command.wait_for_silence()
    fix = f"Stop what has it, or take another: --port {port + 1}"
    assert command.text == f"Error: Port {port} of 127.0.0.1 is in use.\n{fix}\n"


@pytest.mark.parametrize("words", [("dev",), ("run",), ("routes",)])
def test_an_app_that_is_not_there_is_one_sentence_and_the_fix(start: Start, words: tuple[str]) -> None:
    """For every command that needs one."""
    command = start(*words)
    assert command.process.wait(PATIENCE_SECONDS) == 1
    assert command.wait_for_silence()
    assert command.text.startswith("Error: There is no app in ")
    assert len(command.text.splitlines()) == 2


@pytest.mark.parametrize("server", ["uvicorn", "granian", "hypercorn"])
@pytest.mark.parametrize("workers", [1, 2])
def test_run_serves_by_any_server(
    start: Start, write: Callable[[str], None], port: int, server: str, workers: int
) -> None:
    """With one worker or several; debug is off."""
    if find_spec(server) is None:
        pytest.skip(f"{server} is not installed")
    write("1 / 0 if request.query_params else str(request.app.debug)")
    command = start("run", "--server", server, "--port", str(port), "--workers", str(workers))
    assert poll(port) == (200, "False")
    status, text = fetch(port, path="/?x=1")
    assert (status, "ZeroDivisionError" in text) == (500, False)
    assert command.process.poll() is None


def poll(port: int) -> tuple[int, str]:
    """Return the first answer of a server that is starting."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return fetch(port)
        except (ConnectionError, urllib.error.URLError):
            if time.monotonic() > end:
                raise
