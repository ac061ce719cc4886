"""What the installed distribution says about itself."""

import re
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Any

from yaat_testclient import TestClient


def test_app_finds_the_plugin_by_its_name() -> None:
    """The entry point carries the plugin's own name: one name loads, blocks and sets it."""
    [entry_point] = entry_points(group="yaat", name="forms")
    assert entry_point.load().name == "forms"


def test_type_checkers_are_told_that_it_is_typed() -> None:
    """The package ships the marker of PEP 561, so type checkers read its annotations."""
    assert files("yaat_forms").joinpath("py.typed").is_file()


def test_sample_of_the_readme_does_what_it_says(monkeypatch: Any, tmp_path: Path) -> None:
    """The README shows an app that runs."""
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    sample = re.search(r"```python\n(.*?)```", readme, re.DOTALL)
    assert sample
    names: dict[str, Any] = {}
    exec(compile(sample[1], "README.md", "exec"), names)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "backups").mkdir()
    with TestClient(names["app"]) as client:
        answer = client.post("/photos", data={"title": "Sea"}, files={"photo": ("../a.jpg", b"12345")})
        assert answer.json() == {"title": "Sea", "photos": [{"name": "a.jpg", "bytes": 5}]}
        assert client.put("/backup", files={"it": ("all.tar", b"x" * 9)}).json() == {"stored": True}
    assert (tmp_path / "backups" / "all.tar").read_bytes() == b"x" * 9
