"""`yaat shell`: a prompt with the app."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
Write = Callable[[str, str], Path]


@pytest.mark.usefixtures("app")
def test_code_can_be_given(run: Run) -> None:
    """It knows the app, asks it, and may await."""
    code = "import asyncio\nawait asyncio.sleep(0)\nprint(type(app).__name__, get('/').body.decode())"
    done = run("shell", "-c", code)
    assert (done.exit_code, done.output) == (0, "Yaat Hello\n")


@pytest.mark.usefixtures("app")
def test_answers_can_be_asked_for_in_both_ways(run: Run) -> None:
    """Plainly, or in a line that awaits; what came back shows itself."""
    done = run("shell", "-c", "print((await get('/')).text)\nprint(get('/'))")
    assert (done.exit_code, done.output) == (0, "Hello\n<200 text/plain; charset=utf-8 'Hello'>\n")


@pytest.mark.usefixtures("app")
def test_lines_are_asked_for(run: Run) -> None:
    """Until there are no more."""
    done = run("shell", input="import asyncio\nx = await asyncio.sleep(0, 6)\nx + 1\n1 / 0\n")
    assert (done.exit_code, "7" in done.output, "Here is app as app" in done.output) == (0, True, True)


@pytest.mark.usefixtures("app")
def test_code_that_raises_fails(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing after it is run."""
    done = run("shell", "-c", "1 / 0\nprint('after')")
    assert (done.exit_code, "after" in done.output) == (1, False)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("code", "place"), [("print(1)\n1 +", "2\n    1 +\n"), ("print(1)\nreturn 1", "2\nSyntaxError")]
)
def test_code_that_is_no_python_is_refused(run: Run, code: str, place: str) -> None:
    """As a whole, with the line; the app is not even started."""
    done = run("shell", "-c", code)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: The code of -c cannot be compiled.\n<yaat shell>:{place}")


@pytest.mark.usefixtures("app")
def test_code_may_end_the_shell(run: Run) -> None:
    """With a status of its own."""
    assert run("shell", "-c", "raise SystemExit(4)").exit_code == 4


def test_the_app_is_started(run: Run, write: Write) -> None:
    """What its lifespan yields is there as `state`; another ASGI app will do."""
    source = """
    from yaat import Yaat
    async def lifespan(app):
        yield {"number": 7}
    app = Yaat(autoload=False, lifespan=lifespan)
    async def other(scope, receive, send): ...
    """
    write("app.py", source)
    assert run("shell", "-c", "print(state['number'])").output == "7\n"
    assert run("shell", "--app", "app:other", "-c", "print(app.__name__)").output == "other\n"


def test_json_is_read(run: Run, write: Write) -> None:
    """What came back has its value, too."""
    write("app.py", "from yaat import Yaat\napp = Yaat(autoload=False)\napp.get('/')(lambda: {'a': [1]})\n")
    assert run("shell", "-c", "print(get('/').json()['a'])").output == "[1]\n"
