"""`yaat get`: one request without a server."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from yaat_cli.commands.get import show
from yaat_cli.exchange import Received

Run = Callable[..., Result]
Write = Callable[[str, str], Path]


@pytest.mark.usefixtures("app")
def test_the_content_is_printed(run: Run) -> None:
    """And nothing else, so that it can be piped."""
    done = run("get", "/")
    assert (done.exit_code, done.output) == (0, "Hello")


@pytest.mark.usefixtures("app")
def test_status_and_headers_are_printed_when_asked(run: Run) -> None:
    """In front of the content."""
    lines = run("get", "/items/7", "-i").output.splitlines()
    assert (lines[0], lines[1], lines[-1]) == ("200", "content-type: application/json", '{"id":7}')


@pytest.mark.usefixtures("app")
def test_content_is_sent(run: Run) -> None:
    """JSON or a form; POST is understood."""
    assert json.loads(run("get", "/items", "--json", '{"a": 1}').output) == {"a": 1}
    assert json.loads(run("get", "/form", "--data", "a=1").output) == {"a": "1"}
    typed = run("get", "/items", "-d", "[1]", "-H", "Content-Type: application/json")
    assert json.loads(typed.output) == [1]


@pytest.mark.usefixtures("app")
def test_a_path_that_nothing_answers_shows_what_there_is(run: Run) -> None:
    """And the command fails."""
    done = run("get", "/itms/7")
    assert (done.exit_code, "/items/{id:int}" in done.stderr) == (1, True)
    assert run("get", "/", "-X", "DELETE").exit_code == 1


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("words", "fix"),
    [
        (["items"], "yaat get /items"),
        (["/", "-H", "x"], "Write -H 'Accept:"),
        (["/", "-H", "X-Price: 5 €"], "Write it percent-encoded, if the app decodes that: %E2%82%AC"),
    ],
)
def test_a_slip_is_noticed(run: Run, words: list[str], fix: str) -> None:
    """With what to write."""
    done = run("get", *words)
    assert (done.exit_code, fix in done.output) == (1, True)


def test_any_asgi_app_can_be_asked(run: Run, write: Write) -> None:
    """It need not be one of Yaat."""
    source = """
    async def app(scope, receive, send):
        if scope["type"] != "http":
            raise NotImplementedError
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b"none"})
    """
    write("app.py", source)
    done = run("get", "/")
    assert (done.exit_code, done.stdout) == (1, "none")


HALF = """
async def silent(scope, receive, send):
    assert scope["type"] == "http"

async def halfway(scope, receive, send):
    await silent(scope, receive, send)
    await send({"type": "http.response.start", "status": 200, "headers": []})

async def cut(scope, receive, send):
    await halfway(scope, receive, send)
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
"""


@pytest.mark.parametrize(
    ("name", "stdout", "what"),
    [
        ("silent", "", "app:silent has returned without a response to GET /half."),
        ("halfway", "", "app:halfway has returned before its response to GET /half was complete."),
        ("cut", "half", "app:cut has returned before its response to GET /half was complete."),
    ],
)
def test_half_a_response_is_a_failure(run: Run, write: Write, name: str, stdout: str, what: str) -> None:
    """What came of it is printed; then what is missing."""
    write("app.py", HALF)
    done = run("get", "/half", "--app", f"app:{name}")
    assert (done.exit_code, done.stdout) == (1, stdout)
    assert f"Error: {what}\nLet it send " in done.stderr


def test_what_an_app_raises_is_told_in_few_lines(run: Run, write: Write) -> None:
    """Of the user's own code."""
    source = """
    from yaat import Yaat
    app = Yaat(autoload=False)
    @app.get("/")
    async def index(request):
        return 1 / 0
    """
    write("app.py", source)
    done = run("get", "/", "-H", "accept: text/plain")
    assert (done.exit_code, done.stdout) == (1, "500 Internal Server Error\n")


def test_json_is_laid_out_for_people(
    app: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """When they look at it."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    received = Received(status=200, headers=[("content-type", "application/json")], body=bytearray(b'{"a":1}'))
    show(received, include=False)
    assert capsys.readouterr().out == '{\n  "a": 1\n}\n'
