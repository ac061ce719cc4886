"""Files: what others had to mend in theirs, asked of ours."""

import os
import time
from pathlib import Path

import pytest

from yaat import Yaat
from yaat_staticfiles import StaticFiles
from yaat_staticfiles.folder import split_path
from yaat_staticfiles.ranges import parse_ranges

from .asking import Answer, ask, is_linear

HOST = (b"host", b"good.example")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is served, and beside it what is not."""
    folder = tmp_path / "static"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.css").write_text("plain")
    (tmp_path / "static1").mkdir()
    (tmp_path / "static1" / "secret.txt").write_text("secret")
    (tmp_path / "static1.txt").write_text("secret")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


def make_app(folder: Path, prefix: str = "/static", **options: object) -> Yaat:
    """Return an app that serves *folder*."""
    app = Yaat(autoload=False)
    app.mount(prefix, StaticFiles(directory=folder, **options))  # type: ignore[arg-type]  # they are for any option
    return app


def get(app: Yaat, path: str, *headers: tuple[bytes, bytes]) -> Answer:
    """Return what *app* answers for the decoded *path*."""
    return ask(app, path, headers=[HOST, *headers])


@pytest.mark.parametrize(
    "path", ["../static1.txt", "../static1/secret.txt", "sub/../../static1.txt", "/../static1.txt"]
)
@pytest.mark.parametrize("follow_symlinks", [True, False])
def test_neighbour_with_a_longer_name_is_outside(folder: Path, path: str, *, follow_symlinks: bool) -> None:
    """A folder is compared by its segments, not by the letters that its path begins with; links change nothing."""
    answer = get(make_app(folder, follow_symlinks=follow_symlinks, hidden=True), f"/static/{path}")
    assert (answer.status, "secret" in answer.text) == (404, False)


def test_nothing_tells_what_is_outside(folder: Path) -> None:
    """What exists outside the folder and what does not have the same answer."""
    app, above = make_app(folder), folder.parent
    paths = ["../secret.txt", "../nothing.txt", "sub/../../secret.txt", "sub/../../nothing.txt"]
    paths += [f"{above}/secret.txt", f"{above}/nothing.txt", "../static/a.css", "../statix/a.css", "nothing.txt"]
    answers = {(answer.status, answer.body) for answer in (get(app, f"/static/{path}") for path in paths)}
    assert len(answers) == 1


@pytest.mark.parametrize(
    "path", ["//evil.example/share", "\\\\evil.example\\share", "\\evil", "C:/secret", "C:secret", "a.css::$DATA", "/a"]
)
def test_path_of_windows_is_refused_before_anything_is_opened(path: str) -> None:
    """Asking Windows for a name on a network sends it the password; so it is not asked (split_path touches no disk)."""
    assert split_path(path, is_windows=True) is None
    assert split_path(path.replace("/", "\\"), is_windows=True) is None


@pytest.mark.parametrize("name", ["CON", "nul.txt", "AUX .css", "sub/NUL", "sub/com1.tar.gz", "COM¹", "conin$"])
def test_device_of_windows_is_no_file(name: str) -> None:
    """A device is in every folder of Windows, with any suffix and with blanks; reading one never ends."""
    assert split_path(name, is_windows=True) is None


def test_compressed_neighbour_that_is_a_link_leads_nowhere(folder: Path) -> None:
    """What is sent in place of a file is as much in the folder as the file."""
    (folder / "a.css.gz").symlink_to("../secret.txt")
    later = time.time() + 60
    os.utime(folder.parent / "secret.txt", (later, later))
    gzip = (b"accept-encoding", b"gzip")
    assert get(make_app(folder, follow_symlinks=True), "/static/a.css", gzip).text == "secret"
    assert get(make_app(folder), "/static/a.css", gzip).text == "plain"


@pytest.mark.parametrize("html", [True, False])
def test_no_folder_is_listed(folder: Path, *, html: bool) -> None:
    """So no name of a file can be markup in a list."""
    (folder / "sub" / "<img onerror=alert(1)>.txt").write_text("x")
    for path in ("/static/", "/static/sub", "/static/sub/"):
        answer = get(make_app(folder, html=html), path)
        assert (answer.status in (307, 404), "onerror" in answer.text) == (True, False)


@pytest.mark.parametrize("digit", ["\xb2", "\u0662", "\u0968", "\uff12", "_2", "+2"])
@pytest.mark.parametrize("field", ["bytes={}-5", "bytes=0-{}", "bytes=-{}"])
def test_range_has_ascii_digits(field: str, digit: str) -> None:
    """What stands in front of an app reads no other digits, and might see another range."""
    assert parse_ranges(field.format(2), 10) is not None
    assert parse_ranges(field.format(digit), 10) is None


@pytest.mark.parametrize("unit", ["0-", "1-2,", "9" * 10, "-", ",", "0-0,1-1,"])
def test_ranges_take_linear_time(unit: str) -> None:
    """Neither many ranges nor many digits make much work of a short field."""
    assert is_linear(lambda count: f"bytes={unit * count}", lambda field: parse_ranges(field, 10))


def test_names_that_look_alike_are_different_files(folder: Path) -> None:
    """What is kept in memory is found by the path as it came, so no other path has its content."""
    names = ["k-.txt", "k45.txt", "K.txt", "\u212a.txt", "é.txt", "e\u0301.txt"]
    for name in names:
        (folder / name).write_text(name)
    app = make_app(folder)
    for _ in range(3):
        assert [get(app, f"/static/{name}").text for name in names] == names


def test_redirect_into_a_folder_stays_on_the_site(folder: Path) -> None:
    """A folder of pages is entered by a Location that names no host, whatever the path looks like."""
    (folder / "evil.example").mkdir()
    (folder / "evil.example" / "index.html").write_text("page")
    app = make_app(folder, "/", html=True)
    assert get(app, "/evil.example")["location"] == "./evil.example/"
    for path in ("//evil.example", "///evil.example", "//evil.example/..", "/\\evil.example", "//evil.example/%2e%2e"):
        assert dict(get(app, path).headers).get("location", "./").startswith("./")
