"""Commands that look at an app: routes, explain, hooks, info."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
Write = Callable[[str, str], Path]


@pytest.mark.usefixtures("app")
def test_routes_are_listed_with_who_added_them(run: Run) -> None:
    """Method, path, name, handler, owner and line."""
    done = run("routes")
    assert done.exit_code == 0
    assert done.output.splitlines()[0].split() == ["Methods", "Path", "Name", "Handler", "Of", "Added", "at"]
    assert done.output.splitlines()[2].split() == ["GET", "/items/{id:int}", "item", "item", "app", "app.py:22"]


PLUGINS_OWN = """
from yaat import Plugin, Yaat, hookimpl
from yaat.routing import Route

async def show(request):
    return "page"

class DocsPlugin(Plugin):
    name = "docs"

    @hookimpl
    def yaat_register_routes(self):
        paths = ["/docs", "/docs/style.css", "/docs/script.js", "/map"]
        hidden = [Route(path=path, handler=show, metadata={"has_schema": False}) for path in paths]
        return [*hidden, Route(path="/shown", handler=show)]

app = Yaat(plugins=[DocsPlugin()], autoload=False)
app.get("/", has_schema=False)(show)
"""


def test_what_plugins_have_for_themselves_is_one_line(run: Run, write: Write) -> None:
    """Unless all is asked for; programs get all. What the app hides from its document is its own."""
    write("app.py", PLUGINS_OWN)
    lines = run("routes").output.splitlines()[1:]
    assert [line.split()[1] for line in lines] == ["/", "/shown", "4"]
    assert lines[-1] == "And 4 of docs, at /docs and /map: yaat routes --all"
    listed = [line.split()[1] for line in run("routes", "--all").output.splitlines()[1:]]
    assert listed == [row["path"] for row in json.loads(run("routes", "--json").output)]
    assert len(listed) == 6


@pytest.mark.usefixtures("app")
def test_routes_are_there_for_programs(run: Run) -> None:
    """The same as JSON."""
    rows = json.loads(run("routes", "--json").output)
    assert rows[0] == {
        "methods": ["GET"],
        "path": "/",
        "name": "index",
        "handler": "index",
        "owner": "app",
        "source": "app.py:18",
        "middleware": [],
    }


@pytest.mark.usefixtures("app")
def test_a_request_is_explained(run: Run) -> None:
    """GET may be left out."""
    done = run("explain", "/items/7")
    assert done.exit_code == 0
    assert "is answered by the route GET /items/{id:int} (item)" in done.output
    assert done.output == run("explain", "get", "/items/7").output


@pytest.mark.usefixtures("app")
def test_an_explanation_is_there_for_programs(run: Run, write: Write) -> None:
    """With parameters and middleware."""
    source = """
    from yaat import Yaat
    class Stamp:
        def process_response(self, request, response): return response
    app = Yaat(autoload=False, middleware=[Stamp])
    @app.get("/items/{id:int}")
    async def item(request, id): return str(id)
    """
    write("app.py", source)
    told = json.loads(run("explain", "GET", "/items/7", "--json").output)
    assert (told["route"]["name"], told["parameters"]) == ("item", {"id": 7})
    assert [each["name"] for each in told["middleware"]] == ["Stamp"]


@pytest.mark.usefixtures("app")
def test_a_path_that_nothing_answers_suggests_the_nearest(run: Run) -> None:
    """And the command fails."""
    done = run("explain", "/itms/7")
    assert (done.exit_code, "/items/{id:int}" in done.output) == (1, True)
    told = json.loads(run("explain", "/itms/7", "--json").output)
    assert (told["route"], "/items/{id:int}" in told["nearest"]) == (None, True)


@pytest.mark.usefixtures("app")
def test_a_path_without_a_slash_is_mended(run: Run) -> None:
    """With the command to write."""
    assert "Write: yaat explain GET /items" in run("explain", "GET", "items").output


@pytest.mark.usefixtures("app")
def test_hooks_are_listed_with_who_implements_them(run: Run) -> None:
    """Those of the app's plugins."""
    rows = {row["hook"]: row for row in json.loads(run("hooks", "--json").output)}
    assert rows["yaat_register_commands"]["plugins"] == ["greet"]
    assert rows["yaat_register_commands"]["summary"] == "Add commands to `yaat`."
    assert "yaat_register_commands" in run("hooks").output


def test_the_hooks_of_the_core_need_no_app(run: Run) -> None:
    """Whoever writes a plugin may have none yet."""
    rows = {row["hook"]: row for row in json.loads(run("hooks", "--json").output)}
    assert rows["yaat_register_routes"]["plugins"] == []
    assert run("hooks", "--app", "a b").exit_code == 1


@pytest.mark.usefixtures("app")
def test_command_of_a_package_that_is_not_there_names_the_package(run: Run) -> None:
    """One sentence, and the fix."""
    done = run("openapi")
    assert (done.exit_code, "pip install yaat-openapi" in done.output) == (1, True)


@pytest.mark.usefixtures("app")
def test_info_has_what_a_bug_report_needs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions, plugins, the app; of the environment nothing but Yaat's own switches."""
    monkeypatch.setenv("YAAT_BLOCK", "debugbar")
    monkeypatch.setenv("SECRET", "hunter2")
    told = json.loads(run("info", "--json").output)
    assert told["packages"]["yaat-core"]
    assert told["servers"]["uvicorn"]
    assert (told["app"], told["environment"]) == ("app (app.py)", {"YAAT_BLOCK": "debugbar"})
    assert "\n  yaat-core: " in run("info").output
    assert "hunter2" not in run("info").output


def test_info_works_without_an_app(run: Run) -> None:
    """It says why there is none."""
    assert "app: There is no app in" in run("info").output


def test_info_never_imports_the_app(run: Run, write: Write) -> None:
    """However broken it is."""
    write("app.py", "1 / 0\n")
    assert run("info").exit_code == 0
