"""What these tests share: projects in folders of their own, and the command run in this process."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from yaat_cli.main import cli

#: Runs `yaat` with some words and returns what came of it.
Run = Callable[..., Result]

APP = """
from yaat import Plugin, Yaat, hookimpl
from yaat.records import Command

class GreetPlugin(Plugin):
    name = "greet"

    @hookimpl
    def yaat_register_commands(self):
        return Command(name="greet", run=self.greet, summary="Greet somebody.")

    def greet(self, app, arguments):
        print("Hello", *arguments)
        return 3 if "--fail" in arguments else None

app = Yaat(plugins=[GreetPlugin()], autoload=False)

@app.get("/")
async def index(request):
    return "Hello"

@app.get("/items/{id:int}")
async def item(request, id):
    return {"id": id}

@app.post("/items")
async def add(request):
    return await request.json()

@app.post("/form")
async def form(request):
    return dict((await request.form()).items())
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The working folder, empty; what is imported from it is forgotten in the end."""
    monkeypatch.chdir(tmp_path)
    for name in ("YAAT_APP", "YAAT_AUTOLOAD", "YAAT_BLOCK"):
        monkeypatch.delenv(name, raising=False)
    path, modules = list(sys.path), set(sys.modules)
    yield tmp_path
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        file = getattr(sys.modules[name], "__file__", None) or ""
        if file.startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.fixture
def write(project: Path) -> Callable[[str, str], Path]:
    """Write a file of the project."""

    def write_file(name: str, text: str) -> Path:
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
        return path

    return write_file


@pytest.fixture
def app(write: Callable[[str, str], Path]) -> Path:
    """A project with an app in `app.py`."""
    return write("app.py", APP)


@pytest.fixture
def run(project: Path) -> Run:
    """Run `yaat` in this process."""

    def run_yaat(*words: str, **options: object) -> Result:
        return CliRunner().invoke(cli, list(words), prog_name="yaat", **options)  # type: ignore[arg-type]

    return run_yaat
