"""`yaat check`: what is wrong, and what production would regret."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from yaat import Plugin, Yaat, hookimpl
from yaat.routing import Route
from yaat_cli.commands.check import check_document

Run = Callable[..., Result]
Write = Callable[[str, str], Path]


@pytest.mark.usefixtures("app")
def test_an_app_that_works_passes(run: Run) -> None:
    """With a line that says so."""
    done = run("check", "--deploy")
    assert (done.exit_code, done.output) == (0, "app: no errors, no warnings.\n")


def test_a_mistake_in_the_set_up_fails(run: Run, write: Write) -> None:
    """It is told in full, also to programs."""
    write("app.py", "from yaat import Yaat\napp = Yaat(autoload=False)\nfor _ in 1, 2: app.get('/')(lambda r: '')\n")
    done = run("check")
    assert (done.exit_code, done.output.splitlines()[-1]) == (1, "app: 1 error, no warnings.")
    [finding] = json.loads(run("check", "--json").output)
    assert finding["level"] == "error"


def test_an_app_that_cannot_be_imported_fails(run: Run, write: Write) -> None:
    """In a few lines."""
    write("app.py", "1 / 0\n")
    done = run("check")
    assert (done.exit_code, "ZeroDivisionError" in done.output) == (1, True)


def test_production_is_warned_of(run: Run, write: Write) -> None:
    """Debug, and content that fills the memory; only when asked."""
    source = "from yaat import Yaat\napp = Yaat(autoload=False, debug=True, max_body_bytes=2**30)\n"
    write("app.py", source)
    assert run("check").output == "app: no errors, no warnings.\n"
    done = run("check", "--deploy")
    assert done.exit_code == 0
    assert [text for text in ("has no routes", "debug=True", "1024 MiB of memory") if text not in done.output] == []
    assert "app: no errors, 3 warnings." in done.output


def test_a_public_description_is_mentioned() -> None:
    """Whether it is meant is for people to say. What the page is made of needs no mention."""

    async def document(request: object) -> str:
        return "{}"

    class OpenAPI(Plugin):
        name = "openapi"

        @hookimpl
        def yaat_register_routes(self) -> list[Route]:
            paths = ("/openapi.json", "/openapi.yaml", "/docs", "/docs/style.css")
            return [Route(path=path, handler=document) for path in paths]

    app = Yaat(autoload=False, plugins=[OpenAPI()])
    app.build()
    [text] = check_document(app)
    assert text.startswith("/openapi.json, /openapi.yaml and /docs describe")


@pytest.mark.usefixtures("app")
def test_python_in_development_mode_is_mentioned() -> None:
    """It makes everything slow."""
    words = [sys.executable, "-X", "dev", "-W", "ignore", "-m", "yaat_cli", "check", "--deploy"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert "Python runs in development mode" in done.stdout
