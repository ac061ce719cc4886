"""What the README shows is what happens."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

README = Path(__file__).parent.parent / "README.md"


def test_sample_has_the_documents_that_it_shows(fetch: Callable[..., Any]) -> None:
    """The sample is an app with two documents."""
    [sample] = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(sample, "README.md", "exec"), names)
    app = names["app"]
    document = json.loads(fetch(app, "/openapi.json").content)
    assert document["info"]["title"] == "Shop"
    assert {path: list(item) for path, item in document["paths"].items()} == {"/books/{book_id}": ["get"]}
    assert list(document["paths"]["/books/{book_id}"]["get"]["responses"]) == ["200", "404"]
    internal = json.loads(fetch(app, "/openapi-internal.json").content)
    assert list(internal["paths"]["/books/{book_id}"]) == ["get", "delete"]
    assert fetch(app, "/docs").status == 200
