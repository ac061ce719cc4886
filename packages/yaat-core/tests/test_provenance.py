"""Who gave what: owners and source lines."""

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

import yaat
from yaat.provenance import APP, CORE, Owner, Source, find_caller, find_source, format_origin


def run_in_file(file: str, function: Callable[[], Any]) -> Any:
    """Return what *function* returns when it is called from a line of *file*."""
    code: CodeType = compile("\n\nresult = function()", file, "exec")
    scope: dict[str, Any] = {"function": function}
    exec(code, scope)
    return scope["result"]


def test_the_caller_is_the_nearest_line_outside_the_core() -> None:
    """Whatever the core does in between, the line of whoever called it is found."""
    inside = str(Path(yaat.__file__).parent / "routing" / "router.py")
    source = run_in_file(inside, find_caller)
    assert source == Source(__file__, source.line)


@pytest.mark.parametrize("name", ["yaat_openapi/plugin.py", "yaats/app.py"])
def test_what_is_called_almost_like_the_core_is_outside(name: str) -> None:
    """Extension packages are installed beside the core, and their lines are not the core's."""
    file = str(Path(yaat.__file__).parent.parent / name)
    assert run_in_file(file, find_caller) == Source(file, 3)


def test_without_a_caller_outside_the_line_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every frame is the core's, as in a thread that it starts, no line is found, and nothing fails."""
    monkeypatch.setattr("yaat.provenance._OWN_FOLDER", "")
    assert str(find_caller()) == "<unknown>:0"


def test_a_source_is_shown_from_the_working_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Files below the working folder are shown from there, others in full."""
    monkeypatch.chdir(tmp_path)
    assert str(Source(str(tmp_path / "shop" / "views.py"), 12)) == str(Path("shop", "views.py")) + ":12"
    assert str(Source("/elsewhere/a.py", 1)) == "/elsewhere/a.py:1"


@pytest.mark.skipif(sys.platform == "win32", reason="a working folder cannot be removed there")
def test_a_source_is_shown_in_full_when_the_working_folder_is_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A message can be written even when the working folder was removed."""
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert str(Source("/x/a.py", 1)) == "/x/a.py:1"


@pytest.mark.parametrize(
    ("owner", "text", "is_app"),
    [
        (APP, "the app", True),
        (CORE, "plugin 'core'", False),
        (Owner(plugin="blog"), "plugin 'blog'", False),
        (Owner(plugin="blog", distribution="yaat-blog", version="1.0"), "plugin 'blog' (yaat-blog 1.0)", False),
    ],
)
def test_an_owner_is_the_app_or_a_plugin(owner: Owner, text: str, is_app: bool) -> None:
    """Messages name the app, or the plugin with its distribution and version."""
    assert (str(owner), owner.is_app) == (text, is_app)


def test_an_origin_is_an_owner_and_a_line_if_there_is_one() -> None:
    """Not everything has a line."""
    assert format_origin(APP, Source("/a.py", 1)) == "added at /a.py:1 by the app"
    assert format_origin(APP, None) == "added by the app"


class Holder:
    def method(self) -> None: ...


def test_functions_and_methods_have_a_source() -> None:
    """A function begins at its `def`."""
    line = inspect.getsourcelines(Holder.method)[1]
    assert find_source(Holder.method) == find_source(Holder().method) == Source(__file__, line)


@pytest.mark.parametrize("target", [len, Holder(), None], ids=["builtin", "object", "none"])
def test_what_has_no_code_has_no_source(target: object) -> None:
    """Functions written in C and other objects have none."""
    assert find_source(target) is None
