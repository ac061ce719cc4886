"""The manifests that bundlers write."""

import json
from pathlib import Path
from typing import Any

import pytest

from yaat.exceptions import ConfigurationError
from yaat_staticfiles.build_manifest import read_manifest


@pytest.mark.parametrize(
    "content",
    [
        {"app.css": "app.3f2a.css"},
        {"app.css": "/app.3f2a.css"},
        {"app.css": {"file": "app.3f2a.css", "src": "app.css", "isEntry": True}},
        {"version": "1.1", "paths": {"app.css": "app.3f2a.css"}},
    ],
)
def test_the_usual_forms_are_read(tmp_path: Path, content: Any) -> None:
    """Plain mappings, Vite's objects, and a mapping below `paths`."""
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(content))
    assert read_manifest(path) == {"app.css": "app.3f2a.css"}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", "3", '{"paths": []}', '{"a": 3}', '{"a": {"b": 1}}', '{"a": "/"}']
)
def test_anything_else_is_told(tmp_path: Path, text: str) -> None:
    """A manifest that cannot be used stops the app where it is set up, with the line."""
    path = tmp_path / "manifest.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=r"manifest\.json(.|\n)*test_build_manifest\.py:"):
        read_manifest(path)


def test_a_missing_manifest_is_told(tmp_path: Path) -> None:
    """The message says what to do first."""
    with pytest.raises(ConfigurationError, match="Build it first"):
        read_manifest(tmp_path / "nope.json")
