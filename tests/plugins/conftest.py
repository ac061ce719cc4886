"""What these tests share: an environment of its own for each, in which wheels are really installed."""

import json
import os
import shutil
import subprocess
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from textwrap import dedent, indent
from typing import Any
from zipfile import ZipFile

import pluggy
import pytest

import yaat

#: Builds an app, tells what became of it as JSON, and whether a second build says the same.
PROGRAM = """
import asyncio, json, sys, warnings
from yaat import Yaat
from yaat.plugins import PluginErrors

def describe(error):
    notes = getattr(error, "__notes__", [])
    return "\\n".join([str(error), *notes])

def build(app):
    try:
        app.build()
    except BaseException as error:
        return error

async def live(app):
    sent, messages = [], [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    async def receive():
        return messages.pop(0)
    async def send(message):
        sent.append(message)
    try:
        await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
    except Exception as error:
        sent.append({"type": "raised", "message": repr(error)})
    return sent

names = {"Yaat": Yaat}
app = error = None
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    try:
        exec(sys.argv[1], names)
        app = names["app"]
        error = build(app)
    except BaseException as raised:
        error = raised
errors = [] if error is None else list(getattr(error, "exceptions", [error]))
again = error if app is None else build(app)
good = sys.modules.get("yaat_good")
print(json.dumps({
    "errors": [describe(each) for each in errors],
    "is_group": isinstance(error, ExceptionGroup) and isinstance(error, PluginErrors),
    "is_repeated": list(map(str, getattr(again, "exceptions", [again] if again else []))) == list(map(str, errors)),
    "active": list(app.manager.plugins) if error is None else [],
    "is_empty": error is None or app is None or not ("parts" in vars(app) or app.line or "report" in vars(app)),
    "called": getattr(good, "CALLED", []),
    "warnings": [str(each.message) for each in caught],
    "life": asyncio.run(live(app)) if app is not None else [],
}))
"""

#: A plugin without any fault, to see what becomes of the others.
GOOD = """
CALLED = []

class Good(Plugin):
    name = "good"

    @hookimpl
    def yaat_configure(self, app):
        CALLED.append("yaat_configure")
"""


@dataclass(frozen=True)
class Outcome:
    """What became of an app."""

    errors: list[str]
    is_group: bool
    is_repeated: bool
    active: list[str]
    is_empty: bool
    called: list[str]
    warnings: list[str]
    life: list[dict[str, Any]] = field(default_factory=list)


class Environment:
    """A virtual environment with the core, and what is installed into it.

    Args:
        folder: Where to make it.
        shared: A folder with the core and what it needs.
    """

    def __init__(self, folder: Path, shared: Path) -> None:
        self._folder = folder
        self._wheels = folder / "wheels"
        venv.create(folder / "venv", with_pip=False, symlinks=True)
        self._wheels.mkdir()
        [self._site] = (folder / "venv").glob("lib/python*/site-packages")
        (self._site / "shared.pth").write_text(f"{shared}\n")

    def install(
        self,
        name: str,
        source: str = "",
        *,
        version: str = "1.2",
        plugins: Mapping[str, str] | None = None,
        requires: Sequence[str] = (),
        module: str = "",
    ) -> None:
        """Build the wheel of a distribution with one module, and install it.

        Args:
            source: The text of the module; what plugins import is there already.
            plugins: Its entry points.
            module: The name of the module; that of the distribution when left out.
        """
        module = module or name.replace("-", "_")
        head = "from yaat import Middleware, Plugin, Response, hookimpl\nfrom yaat.routing import Route\n"
        files = {f"{module}.py": head + dedent(source)}
        info = f"{name.replace('-', '_')}-{version}.dist-info"
        metadata = [
            f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}",
            *(f"Requires-Dist: {r}" for r in requires),
        ]
        files[f"{info}/METADATA"] = "\n".join(metadata) + "\n"
        files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        entries = "\n".join(f"{key} = {target}" for key, target in (plugins or {}).items())
        files[f"{info}/entry_points.txt"] = f"[yaat]\n{entries}\n"
        record = "".join(f"{path},sha256={sha256(t.encode()).hexdigest()},{len(t)}\n" for path, t in files.items())
        files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
        wheel = self._wheels / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        with ZipFile(wheel, "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
        # All that an installer does with a wheel of plain Python and no scripts (wheel specification, "Installing").
        with ZipFile(wheel) as archive:
            archive.extractall(self._site)

    def install_plugin(self, name: str, body: str = "pass", **options: Any) -> None:
        """Install the distribution `yaat-NAME` with one plugin class, which has *body*."""
        source = f"class P(Plugin):\n    name = {name!r}\n{indent(dedent(body).strip(), '    ')}\n"
        self.install(f"yaat-{name}", source, plugins={name: f"yaat_{name}:P"}, **options)

    def run(self, code: str = "app = Yaat()", **environment: str) -> Outcome:
        """Let *code* make an app in an interpreter of this environment, and return what becomes of it."""
        command = [str(self._folder / "venv" / "bin" / "python"), "-W", "error", "-c", PROGRAM, code]
        env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "YAAT_", "COV"))}
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**env, **environment}, cwd=self._folder
        )
        assert done.returncode == 0, done.stderr
        return Outcome(**json.loads(done.stdout.splitlines()[-1]))

    def fail(self, code: str = "app = Yaat()", **environment: str) -> list[str]:
        """Do the same for an app that cannot be built; nothing of it must be left, and all errors come together."""
        outcome = self.run(code, **environment)
        assert outcome.errors, "the app was built"
        assert outcome.is_group, outcome.errors
        assert outcome.is_empty, "something is left of the build"
        assert outcome.is_repeated, "a second build says something else"
        return outcome.errors


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the core and with pluggy, as installers leave them."""
    folder = tmp_path_factory.mktemp("shared")
    for name, module in (("yaat-core", yaat), ("pluggy", pluggy)):
        assert module.__file__ is not None
        source = Path(module.__file__).parent
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__"))
        info = folder / f"{name.replace('-', '_')}-{distribution(name).version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(distribution(name).read_text("METADATA") or "")
    return folder


@pytest.fixture
def environment(tmp_path: Path, shared: Path) -> Environment:
    """An environment with the core, and with the plugin `good`."""
    made = Environment(tmp_path, shared)
    made.install("yaat-good", GOOD, plugins={"good": "yaat_good:Good"})
    return made
