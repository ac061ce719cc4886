"""`yaat openapi`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from yaat import Yaat
from yaat.exceptions import ConfigurationError
from yaat.records import Command
from yaat_openapi import export_document
from yaat_openapi.command import run_command
from yaat_openapi.plugin import OpenAPIPlugin

App = Callable[..., Yaat]


@pytest.fixture
def app(make_app: App) -> Yaat:
    """An app with two documents."""
    return make_app(title="Büro", documents={"internal": {"title": "Inside"}})


def test_document_is_printed(app: Yaat, capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON for people, with its letters as they are."""
    assert run_command(app, []) == 0
    text = capsys.readouterr().out
    assert json.loads(text) == app.extensions["openapi"].document
    assert '\n    "title": "Büro",\n' in text


def test_document_and_format_can_be_chosen(app: Yaat, capsys: pytest.CaptureFixture[str]) -> None:
    """Each by its name."""
    assert run_command(app, ["--document", "internal", "--format", "yaml"]) == 0
    assert yaml.safe_load(capsys.readouterr().out)["info"]["title"] == "Inside"


@pytest.mark.parametrize(
    ("name", "options", "begin"),
    [
        ("api.json", [], "{"),
        ("api.yaml", [], "openapi:"),
        ("api.yml", [], "openapi:"),
        ("api.txt", [], "{"),
        ("api.txt", ["--format", "yaml"], "openapi:"),
    ],
)
def test_file_has_the_format_of_its_name(app: Yaat, tmp_path: Path, name: str, options: list[str], begin: str) -> None:
    """Unless another one is asked for."""
    path = tmp_path / name
    assert run_command(app, ["--output", str(path), *options]) == 0
    assert path.read_text("utf-8").startswith(begin)


def test_file_is_checked(app: Yaat, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """CI notices a document that was not written anew; the message says how."""
    path = tmp_path / "api.yaml"
    assert run_command(app, ["--check", str(path)]) == 1
    assert f"Write it anew: yaat openapi --output {path}" in capsys.readouterr().err
    run_command(app, ["--output", str(path)])
    assert run_command(app, ["--check", str(path)]) == 0
    path.write_text("old", "utf-8")
    assert run_command(app, ["--check", str(path)]) == 1


@pytest.mark.parametrize(
    ("name", "hint"), [("interna", "Did you mean 'internal'"), ("x", "There are: default, internal")]
)
def test_document_that_there_is_none_of_is_an_error(app: Yaat, name: str, hint: str) -> None:
    """The message names those that there are."""
    with pytest.raises(ConfigurationError, match=hint):
        export_document(app, name)


def test_app_without_the_plugin_is_an_error() -> None:
    """The message says what is missing."""
    with pytest.raises(ConfigurationError, match="The app has no plugin 'openapi'"):
        export_document(Yaat(autoload=False))


def test_plugin_adds_the_command_where_there_is_none() -> None:
    """A command line that has one of that name keeps it."""
    plugin = OpenAPIPlugin()
    command = plugin.yaat_register_commands(commands=["run"])
    assert isinstance(command, Command)
    assert (command.name, command.run) == ("openapi", run_command)
    assert plugin.yaat_register_commands(commands=["openapi"]) is None
