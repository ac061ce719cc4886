"""Pure in the middle, asynchronous at the rim."""

import ast
from pathlib import Path

import pytest

import yaat_testclient

SOURCE = Path(yaat_testclient.__file__).parent

#: The modules that wait. All others are plain functions and state.
RIM = {
    "async_sessions",
    "bell",
    "clients",
    "contract",
    "conversation",
    "engine",
    "lifespan",
    "loop_thread",
    "pytest_plugin",
    "referee",
    "run",
    "streams",
    "supervision",
    "transports",
    "websocket_conversation",
}


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*.py")), ids=lambda path: path.stem)
def test_only_the_rim_waits(path: Path) -> None:
    """What decides can be tested with values, without a loop."""
    waits = any(
        isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )
    assert waits == (path.stem in RIM)
