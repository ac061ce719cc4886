"""The script that updates the files."""

import importlib.util
import json
import tarfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parent.parent / "scripts" / "update.py"


@pytest.fixture
def script() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("update", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_archive(path: Path, contents: dict[str, bytes]) -> Path:
    """Return an archive as npm makes them."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in contents.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            archive.addfile(entry, BytesIO(content))
    return path


def test_files_of_an_archive_take_the_place_of_the_old_ones(script: ModuleType, tmp_path: Path) -> None:
    """What is needed is taken out and listed with its digest; nothing old is left, and nothing else is taken."""
    wanted = {name: name.encode() for name in (*script.FILES, *script.LICENCES)}
    archive = write_archive(
        tmp_path / "dist.tgz", {**wanted, "package.json": b'{"version": "9.8.7"}', "other.js": b"-"}
    )
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "old.js").write_text("old", "utf-8")
    assert script.update(archive, folder) == "9.8.7"
    assert {path.name for path in folder.iterdir()} == {*wanted, "manifest.json"}
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["version"] == "9.8.7"
    assert manifest["files"]["swagger-ui.css"] == sha256(b"swagger-ui.css").hexdigest()
    assert set(manifest["licences"]) == set(script.LICENCES)


def test_archive_that_lacks_a_file_changes_nothing(script: ModuleType, tmp_path: Path) -> None:
    """A release that is put together in another way is noticed before anything is lost."""
    archive = write_archive(tmp_path / "dist.tgz", {"package.json": b'{"version": "9.8.7"}'})
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "old.js").write_text("old", "utf-8")
    with pytest.raises(KeyError):
        script.update(archive, tmp_path / "files")
    assert (tmp_path / "files" / "old.js").is_file()
