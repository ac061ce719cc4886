"""From the path of a URL to a file below a folder, and never elsewhere."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaat_staticfiles.folder import MAX_PATH_CHARACTERS, Folder, split_path


@pytest.mark.parametrize("path", ["a.css", "css/a.css", "a b", "a:b", "...", ".well-known/acme", "é", "con.js", "%2e"])
def test_paths_are_split(path: str) -> None:
    """An ordinary path is its names."""
    has_hidden = path == "..."
    assert split_path(path, has_hidden=has_hidden, is_windows=False) == path.split("/")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/etc/passwd",
        "//etc/passwd",
        "..",
        "../secret",
        "css/../../secret",
        "css/..",
        "./a.css",
        "css//a.css",
        "a.css/",
        "..\\secret",
        "css\\a.css",
        "a\0.css",
        "x/" * MAX_PATH_CHARACTERS + "x",
    ],
)
@pytest.mark.parametrize("has_hidden", [True, False])
def test_paths_that_could_lead_elsewhere_are_none(path: str, *, has_hidden: bool) -> None:
    """Dots, empty names, backslashes and NUL have no place in a path, whatever a system makes of them."""
    assert split_path(path, has_hidden=has_hidden) is None


@pytest.mark.parametrize("path", [".env", ".git/config", "a/.htaccess", "...", ".well-known/.secret"])
def test_hidden_files_are_none_unless_they_are_wanted(path: str) -> None:
    """What begins with a dot is not meant for everybody, but for `.well-known` (RFC 8615)."""
    assert split_path(path) is None
    assert split_path(path, has_hidden=True) is not None


@pytest.mark.parametrize(
    "path", ["con", "CON.txt", "nul", "aux.js", "a/com1.log", "LPT¹", "c:/x", "a.txt:stream", "a.", "a ", "conin$"]
)
def test_names_with_a_meaning_on_windows_are_none_there(path: str) -> None:
    """Devices, drives, streams, and endings that Windows drops are no names of files."""
    assert split_path(path, is_windows=True) is None
    assert split_path(path, is_windows=False) is not None


@pytest.mark.parametrize("path", ["console.js", "community.css", "lpt.css", "nullable.js"])
def test_names_that_begin_like_a_device_are_fine_on_windows(path: str) -> None:
    """Only a device itself, with whatever suffix, is one."""
    assert split_path(path, is_windows=True) == [path]


@given(
    st.lists(st.sampled_from(["..", ".", "", "a", "b", "\\", "\0", "/", "..\\", "%2e%2e", "\uff0e\uff0e"])).map(
        "/".join
    )
)
def test_no_path_leads_out_of_the_folder(path: str) -> None:
    """Whatever names are put together, what is joined stays below the root."""
    names = split_path(path)
    if names is not None:
        joined = os.path.normpath(Folder(root="/srv/static").join(names))
        assert joined.startswith("/srv/static/")


def test_a_file_is_found_below_the_root(tmp_path: Path) -> None:
    """A file resolves to its own path."""
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "a.css").touch()
    folder = Folder(root=str(tmp_path))
    assert folder.resolve(["css", "a.css"]) == str(tmp_path / "css" / "a.css")


@pytest.mark.parametrize("path", ["link.txt", "linked/secret.txt", "inner/up.txt"])
def test_links_are_followed_on_request_alone(tmp_path: Path, path: str) -> None:
    """A link to a file or to a folder, within the root or not, is as good as nothing."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "secret.txt").touch()
    root = tmp_path / "static"
    (root / "inner").mkdir(parents=True)
    (root / "plain.txt").touch()
    (root / "link.txt").symlink_to(tmp_path / "secrets" / "secret.txt")
    (root / "linked").symlink_to(tmp_path / "secrets")
    (root / "inner" / "up.txt").symlink_to("../plain.txt")
    names = path.split("/")
    with pytest.raises(FileNotFoundError):
        Folder(root=str(root)).resolve(names)
    assert Folder(root=str(root), follows_symlinks=True).resolve(names)


@pytest.mark.parametrize("follows_symlinks", [True, False])
def test_links_in_a_circle_lead_nowhere(tmp_path: Path, *, follows_symlinks: bool) -> None:
    """A circle is an error of the system, and takes no time."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="Too many levels"):
        Folder(root=str(tmp_path), follows_symlinks=follows_symlinks).resolve(["a"])


def test_the_root_may_be_a_link(tmp_path: Path) -> None:
    """Deployments that switch a link to the newest release work, before and after the switch."""
    for release in ("one", "two"):
        (tmp_path / release).mkdir()
        (tmp_path / release / "a.css").touch()
    current = tmp_path / "current"
    folder = Folder(root=str(current))
    for release in ("one", "two"):
        current.unlink(missing_ok=True)
        current.symlink_to(release)
        assert folder.resolve(["a.css"]) == str(tmp_path / release / "a.css")
