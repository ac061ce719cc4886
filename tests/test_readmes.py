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


def test_sample_of_typed_handlers_answers_what_it_declares() -> None:
    """The README of typed handlers shows an app that converts, refuses, lets in and filters."""
    with TestClient(run_sample("packages/yaat-typed/README.md")["app"]) as client:
        assert client.get("/books?words=sea&limit=7").json() == [{"title": "sea", "pages": 7, "id": 1}]
        assert client.get("/books?limit=0").status_code == 422
        assert client.post("/books", json={"title": "Sea"}).status_code == 401
        made = client.post("/books", json={"title": "Sea", "pages": 9}, headers={"x-token": "secret"})
        assert (made.status_code, made.json()) == (201, {"title": "Sea", "pages": 9, "id": 2})


def test_sample_of_cors_opens_what_it_says() -> None:
    """The README of yaat-cors shows an app for one origin, with a route for all."""
    origin = {"origin": "https://app.example.com"}
    with TestClient(run_sample("packages/yaat-cors/README.md")["app"]) as client:
        allowed = client.get("/account", headers=origin).headers
        assert allowed["access-control-allow-origin"] == "https://app.example.com"
        assert allowed["access-control-allow-credentials"] == "true"
        assert (
            "access-control-allow-origin" not in client.get("/account", headers={"origin": "https://x.example"}).headers
        )
        assert client.get("/fonts", headers=origin).headers["access-control-allow-origin"] == "*"
