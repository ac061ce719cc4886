"""Plugins of the past work with the core of today.

Run as a program, this adds the sums of new files to each ``SHA256SUMS``.
"""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from yaat_testclient import TestClient, make_app

CORPUS = Path(__file__).parent / "corpus"
FOLDERS = sorted(path for path in CORPUS.iterdir() if path.is_dir())
MODULES = sorted(CORPUS.glob("*/*.py"))


def add_sums(folder: Path) -> dict[str, str]:
    """Return the sums of *folder* by file: those that are written down, and those of new files."""
    lines = (folder / "SHA256SUMS").read_text().splitlines() if (folder / "SHA256SUMS").exists() else []
    known = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.py"))}
    return {**found, **known}


@pytest.fixture
def module(request: pytest.FixtureRequest) -> Iterator[Any]:
    """One module, imported anew."""
    path: Path = request.param
    name = f"corpus_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    loaded = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    yield loaded
    del sys.modules[name]


@pytest.mark.parametrize("module", MODULES, indirect=True, ids=[f"{path.parent.name}-{path.stem}" for path in MODULES])
def test_a_plugin_of_the_past_works(module: Any) -> None:
    """It proves what its first line says, in an app that runs from its start to its end."""
    app = make_app(*module.PLUGINS, settings=getattr(module, "SETTINGS", None))
    getattr(module, "set_up", lambda app: None)(app)
    with TestClient(app) as client:
        module.prove(app, client)
    getattr(module, "prove_after", lambda app: None)(app)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_plugins_of_the_past_stay_as_they_were(folder: Path) -> None:
    """A file that is changed is no witness any more; a new one gets its line in SHA256SUMS."""
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.py")}
    assert add_sums(folder) == found
    assert (folder / "SHA256SUMS").read_text() == format_sums(add_sums(folder))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_each_says_what_it_proves(path: Path) -> None:
    """In one sentence."""
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    assert docstring.endswith(".")
    assert "\n" not in docstring


def format_sums(sums: dict[str, str]) -> str:
    """Return the text of a file of sums, as sha256sum reads it."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))


if __name__ == "__main__":
    for each in FOLDERS:
        (each / "SHA256SUMS").write_text(format_sums(add_sums(each)))
