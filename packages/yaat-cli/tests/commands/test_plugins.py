"""`yaat plugins`: whatever is broken, it says so."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
Write = Callable[[str, str], Path]

HEAD = "import warnings\nfrom yaat import Middleware, Plugin, Yaat, hookimpl\nfrom yaat.routing import Route\n"
GOOD = """
class GoodPlugin(Plugin):
    name = "good"

    @hookimpl
    def yaat_register_routes(self):
        return Route(path="/good", handler=good)

    @hookimpl
    def yaat_register_middleware(self):
        return Middleware(Stamp)

class Stamp:
    def process_response(self, request, response):
        return response

async def good(request):
    return "good"
"""
BROKEN = """
class BrokenPlugin(Plugin):
    name = "broken"

    @hookimpl
    def yaat_register_routes(self):
        raise ValueError("out of order")
"""


@pytest.fixture
def good(write: Write) -> Path:
    """An app with one plugin and one that is blocked."""
    return write("app.py", f"{HEAD}{GOOD}\napp = Yaat(plugins=[GoodPlugin()], block=['bad'], autoload=False)\n")


@pytest.fixture
def broken(write: Write) -> Path:
    """An app with a plugin that works and one that does not."""
    return write(
        "app.py", f"{HEAD}{GOOD}{BROKEN}\napp = Yaat(plugins=[GoodPlugin(), BrokenPlugin()], autoload=False)\n"
    )


@pytest.mark.usefixtures("good")
def test_plugins_are_listed_with_what_became_of_them(run: Run) -> None:
    """The active ones first, and why each is there or not."""
    done = run("plugins")
    assert [line.split()[:2] for line in done.output.splitlines()] == [
        ["Plugin", "State"],
        ["good", "active"],
        ["bad", "blocked"],
    ]
    assert done.output == run("plugins", "list").output
    [line, blocked] = json.loads(run("plugins", "list", "--json").output)
    assert (line["hooks"], blocked["reason"]) == (
        ["yaat_register_middleware", "yaat_register_routes"],
        "named in block=",
    )
    assert run("plugins", "--json").output == run("plugins", "list", "--json").output


@pytest.mark.usefixtures("good")
def test_why_says_what_a_plugin_gives(run: Run) -> None:
    """Hooks, routes, middleware."""
    done = run("plugins", "why", "good")
    assert done.output.splitlines() == [
        "good is active: given in plugins=.",
        "  implements yaat_register_middleware",
        "  implements yaat_register_routes",
        "  gives the route GET /good",
        "  gives the middleware Stamp",
    ]
    told = json.loads(run("plugins", "why", "good", "--json").output)
    assert told["contributes"] == ["the route GET /good", "the middleware Stamp"]


@pytest.mark.usefixtures("good")
def test_why_of_a_plugin_that_is_not_installed_says_how_to_get_it(run: Run) -> None:
    """And notices a slip."""
    done = run("plugins", "why", "goood")
    assert done.exit_code == 1
    assert "Did you mean 'good'? If it is one of Yaat's own: pip install yaat-goood" in done.output


@pytest.mark.usefixtures("good")
def test_check_is_content_with_plugins_that_work(run: Run) -> None:
    """And says how many there are."""
    done = run("plugins", "check")
    assert (done.exit_code, done.output) == (0, "1 plugin is active, and nothing is wrong.\n")


@pytest.mark.usefixtures("broken")
def test_a_broken_plugin_breaks_no_list(run: Run) -> None:
    """It is on it, and says why."""
    done = run("plugins")
    assert done.exit_code == 0
    assert done.output.splitlines()[1].split()[:2] == ["broken", "failed"]
    assert "Problems: 1. Read them: yaat plugins check" in done.output


@pytest.mark.usefixtures("broken")
def test_check_fails_for_a_broken_plugin(run: Run) -> None:
    """With all there is to say about it."""
    done = run("plugins", "check")
    assert done.exit_code == 1
    assert "raised ValueError in its hook 'yaat_register_routes': out of order" in done.output
    assert "YAAT_BLOCK=broken" in done.output
    told = json.loads(run("plugins", "check", "--json").output)
    assert (len(told["problems"]), told["warnings"]) == (1, [])


@pytest.mark.usefixtures("broken")
def test_why_of_a_broken_plugin_is_what_it_raised(run: Run) -> None:
    """And how to go without it."""
    done = run("plugins", "why", "broken")
    assert done.output.startswith("broken is failed.\n\nPlugin 'broken' raised ValueError")


def test_an_app_that_cannot_be_imported_breaks_no_list(run: Run, write: Write) -> None:
    """What is installed can be read without it."""
    write("app.py", "1 / 0\n")
    done = run("plugins")
    assert (done.exit_code, "app cannot be imported" in done.output) == (0, True)


def test_without_an_app_there_is_what_is_installed(run: Run) -> None:
    """And a note that no app was asked."""
    done = run("plugins")
    assert (done.exit_code, "There is no app in" in done.output) == (0, True)
    assert "There is no app in" in run("plugins", "check").output


@pytest.mark.parametrize("words", [[], ["--app", "nowhere:app"], ["--app", "nowhere.py"]])
def test_check_fails_when_the_app_cannot_be_asked(run: Run, write: Write, words: list[str]) -> None:
    """Whether it was found or named; where there is none at all, there is nothing to fail."""
    assert run("plugins", "check").exit_code == 0
    write("app.py", "1 / 0\n")
    done = run("plugins", *words, "check")
    assert done.exit_code == 1
    [problem] = json.loads(run("plugins", *words, "check", "--json").output)["problems"]
    assert problem in done.output


def test_check_fails_for_a_plugin_that_the_app_goes_without(
    run: Run, write: Write, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a broken one is no more than a warning to the app."""
    write("app.py", "from yaat import Yaat\napp = Yaat(on_plugin_error='warn')\n")
    write("site/broken-1.0.dist-info/METADATA", "Name: broken\nVersion: 1.0\nRequires-Dist: yaat-core>=0.2\n")
    write("site/broken-1.0.dist-info/entry_points.txt", "[yaat]\nbroken = yaat_nowhere:BrokenPlugin\n")
    monkeypatch.syspath_prepend(str(project / "site"))
    done = run("plugins", "check")
    assert (done.exit_code, done.output.endswith(" active, and 1 failed: broken.\n")) == (1, True)
    assert json.loads(run("plugins", "check", "--json").output)["failed"] == ["broken"]
    [row] = [line for line in run("plugins").output.splitlines() if "broken" in line]
    assert row.split()[:2] == ["broken", "failed"]
    told = run("plugins", "why", "broken").output
    assert told.startswith("broken (broken 1.0) is failed: Plugin 'broken' (broken 1.0) has the entry point")
    assert told.endswith("in the environment.\n")


def test_a_route_that_is_there_twice_leaves_the_plugins_known(run: Run, write: Write) -> None:
    """The app is wrong, and they are not."""
    routes = "app.get('/good')(good)\n"
    write("app.py", f"{HEAD}{GOOD}\napp = Yaat(plugins=[GoodPlugin()], autoload=False)\n{routes}")
    done = run("plugins")
    assert ("good    active" in done.output, "Problems: 1" in done.output) == (True, True)


def test_warnings_are_told_by_check(run: Run, write: Write) -> None:
    """They do not make it fail."""
    write("app.py", f"{HEAD}\nwarnings.warn('Take care.')\napp = Yaat(autoload=False)\n")
    done = run("plugins", "check")
    assert (done.exit_code, "Warning: Take care." in done.output) == (0, True)
    assert done.output.splitlines()[-1] == "0 plugins are active, with 1 warning."
