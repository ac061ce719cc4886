"""What ``import yaat`` costs: nothing that a user did not ask for."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: The libraries of the extension packages. All of them are installed where this test runs.
LIBRARIES = ["aiofiles", "click", "httpx", "jinja2", "msgspec", "uvicorn"]
#: What of the standard library few apps need, or only those that are built; asyncio, which every server has, has none.
NEEDED_LATER = ["concurrent.futures.thread", "copy", "dataclasses", "graphlib", "http", "importlib.metadata", "uuid"]
EXTENSIONS = sorted({path.parent.name for path in ROOT.glob("packages/*/src/*/py.typed")} - {"yaat"})


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules that a new interpreter holds after ``import yaat``."""
    code = "import sys, yaat; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("name", LIBRARIES + EXTENSIONS)
def test_importing_yaat_imports_no_extension_and_no_library_of_one(name: str, loaded: set[str]) -> None:
    """``import yaat`` leaves alone what only extensions need, even where it is installed."""
    assert find_spec(name), f"{name} is not installed, so this would prove nothing"
    assert name not in loaded


@pytest.mark.parametrize("name", NEEDED_LATER)
def test_importing_yaat_leaves_to_the_build_what_only_that_needs(name: str, loaded: set[str]) -> None:
    """``import yaat`` does not import the dearer modules of the standard library: they come with what needs them."""
    assert name not in loaded
