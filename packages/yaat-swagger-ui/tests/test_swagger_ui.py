"""The files of Swagger UI."""

from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

import yaat_swagger_ui
from yaat_swagger_ui import FILES, FOLDER, LICENCES, VERSION, File

ALL = [*FILES.values(), *LICENCES.values()]


@pytest.mark.parametrize("file", ALL, ids=lambda file: str(file.name))
def test_every_file_is_as_it_was_published(file: File) -> None:
    """The content has the digest that the manifest names."""
    assert sha256(file.path.read_bytes()).hexdigest() == file.sha256
    assert file.read_bytes() == file.path.read_bytes()


def test_nothing_else_is_in_the_folder() -> None:
    """No file is there that nobody knows of."""
    assert {path.name for path in FOLDER.iterdir()} == {"manifest.json", *FILES, *LICENCES}


def test_file_that_was_changed_is_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's script is worse than none."""
    monkeypatch.setattr(yaat_swagger_ui, "FOLDER", tmp_path)
    (tmp_path / "swagger-ui.css").write_text("changed", "utf-8")
    with pytest.raises(ValueError, match="Install yaat-swagger-ui again"):
        FILES["swagger-ui.css"].read_bytes()


def test_version_is_that_of_the_files() -> None:
    """The version stands in the manifest, and the script knows it too."""
    assert VERSION.encode() in FILES["swagger-ui-bundle.js"].read_bytes()


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("swagger-ui-bundle.js", "text/javascript"),
        ("swagger-ui.css", "text/css"),
        ("favicon-32x32.png", "image/png"),
        ("oauth2-redirect.js", "text/javascript"),
    ],
)
def test_files_say_what_they_are(name: str, media_type: str) -> None:
    """A browser runs no script of another media type."""
    assert FILES[name].media_type == media_type
    assert LICENCES["LICENSE"].media_type == "text/plain"


def test_hashed_name_holds_the_digest() -> None:
    """Another content has another name."""
    one = File(name="swagger-ui.css", sha256="0123456789abcdef" * 4)
    assert one.hashed_name == "swagger-ui.0123456789ab.css"


def test_licence_and_notice_are_there() -> None:
    """The files may be passed on with these (Apache License 2.0, section 4)."""
    assert b"Apache License" in LICENCES["LICENSE"].read_bytes()
    assert b"SmartBear" in LICENCES["NOTICE"].read_bytes()
    assert b"MIT" in LICENCES["swagger-ui-bundle.js.LICENSE.txt"].read_bytes()


def test_nothing_of_it_is_fetched_from_elsewhere() -> None:
    """The style names no other host, so a page is whole without a network."""
    style = FILES["swagger-ui.css"].read_bytes().decode()
    assert "@import" not in style
    assert "url(http" not in style
    assert "url(//" not in style


def test_type_checkers_are_told_that_it_is_typed() -> None:
    """The package ships the marker of PEP 561, so type checkers read its annotations."""
    assert files("yaat_swagger_ui").joinpath("py.typed").is_file()
