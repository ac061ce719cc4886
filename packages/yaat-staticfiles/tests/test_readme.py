"""What the README shows is what happens."""

import re
from pathlib import Path
from typing import Any

import pytest

from yaat_testclient import TestClient

README = Path(__file__).parent.parent / "README.md"


def test_its_first_sample_serves_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder below a prefix, and one file from a handler."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "app.css").write_text("body {}")
    (tmp_path / "report.pdf").write_bytes(b"%PDF")
    monkeypatch.chdir(tmp_path)
    sample = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert sample
    names: dict[str, Any] = {}
    exec(compile(sample[1], "README.md", "exec"), names)
    with TestClient(names["app"]) as client:
        assert client.get("/static/app.css").text == "body {}"
        report = client.get("/report")
    assert report.content == b"%PDF"
    assert report.headers["content-disposition"] == 'attachment; filename="Report 2026.pdf"'
