"""What the READMEs show is what happens."""

import re
from pathlib import Path
from typing import Any

import pytest

from yaat_testclient import TestClient

ROOT = Path(__file__).parent.parent
HELLO_WORLD = ["README.md", "packages/yaat/README.md", "packages/yaat-core/README.md"]


def run_sample(readme: str) -> dict[str, Any]:
    """Return the names that the first Python sample of *readme* defines."""
    sample = re.search(r"```python\n(.*?)```", (ROOT / readme).read_text(), re.DOTALL)
    assert sample, f"{readme} shows no Python"
    names: dict[str, Any] = {}
    exec(compile(sample[1], readme, "exec"), names)
    return names


@pytest.mark.parametrize("readme", HELLO_WORLD)
def test_hello_world_greets(readme: str) -> None:
    """The sample of the README answers as the README says."""
    app = run_sample(readme)["app"]
    with TestClient(app) as client:
        assert client.get("/").text == "Hello World"


def test_sample_of_the_test_client_is_a_passing_test() -> None:
    """The README of the test client shows a test, and it passes."""
    run_sample("packages/yaat-testclient/README.md")["test_index"]()
