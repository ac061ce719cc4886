"""The fixtures for a test suite of one app."""

import runpy
import subprocess
import sys

import pytest

from yaat_testclient import pytest_plugin

pytest_plugins = ["pytester"]

CONFTEST = """
import pytest

class App:
    def __init__(self):
        self.story = []

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await receive()
            self.story.append("start")
            await send({"type": "lifespan.startup.complete"})
            await receive()
            self.story.append("stop")
            await send({"type": "lifespan.shutdown.complete"})
        else:
            self.story.append(scope["path"])
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"hello"})

@pytest.fixture
def yaat_app():
    app = App()
    yield app
    assert app.story[0] == "start"
    assert app.story[-1] == "stop"
"""

ASYNC_TEST = """
import pytest

@FIXTURE
async def greeted(yaat_async_client):
    await yaat_async_client.get("/fixture")
    yield yaat_async_client

@MARK
async def test_the_client_is_open(yaat_app, greeted):
    assert (await greeted.get("/test")).text == "hello"
    assert yaat_app.story == ["start", "/fixture", "/test"]
"""


def run_async_test(pytester: pytest.Pytester, mark: str, fixture: str, *options: str) -> pytest.RunResult:
    """Run a test that uses the asynchronous client, as one plugin or the other wants it marked."""
    pytester.makeconftest(CONFTEST)
    marked = ASYNC_TEST.replace("@MARK", mark).replace("@FIXTURE", fixture)
    pytester.makepyfile(f"import pytest, asyncio\n{marked}")
    return pytester.runpytest_inprocess(*options)


def test_the_client_is_open_in_the_test(pytester: pytest.Pytester) -> None:
    """The lifespan runs around each test."""
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(
        """
        def test_the_client_is_open(yaat_app, yaat_client):
            assert yaat_client.get("/test").text == "hello"
            assert yaat_app.story == ["start", "/test"]
        """
    )
    pytester.runpytest_inprocess("-p", "no:asyncio").assert_outcomes(passed=1)


def test_an_app_must_be_given(pytester: pytest.Pytester) -> None:
    """The fixture that nobody has overridden says how to."""
    pytester.makepyfile("def test_app(yaat_client): pass")
    result = pytester.runpytest_inprocess("-p", "no:asyncio")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["The fixture 'yaat_app' has to be overridden*", "*def yaat_app():"])


def test_anyio_runs_it(pytester: pytest.Pytester) -> None:
    """In the loop of anyio's runner, fixtures of the suite included."""
    mark = "@pytest.mark.parametrize('anyio_backend', ['asyncio'])\n@pytest.mark.anyio"
    run_async_test(pytester, mark, "@pytest.fixture", "-p", "no:asyncio").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("mode", "mark", "fixture"),
    [
        ("strict", "@pytest.mark.asyncio", "@__import__('pytest_asyncio').fixture"),
        ("auto", "", "@pytest.fixture"),
    ],
)
def test_pytest_asyncio_runs_it(pytester: pytest.Pytester, mode: str, mark: str, fixture: str) -> None:
    """In any of its modes."""
    pytest.importorskip("pytest_asyncio", reason="pytest-asyncio is not installed")
    options = ["-o", f"asyncio_mode={mode}", "-o", "asyncio_default_fixture_loop_scope=function"]
    run_async_test(pytester, mark, fixture, *options).assert_outcomes(passed=1)


def test_anyio_runs_its_own_beside_pytest_asyncio(pytester: pytest.Pytester) -> None:
    """With both installed, the mark of the test decides."""
    pytest.importorskip("pytest_asyncio", reason="pytest-asyncio is not installed")
    mark = "@pytest.mark.parametrize('anyio_backend', ['asyncio'])\n@pytest.mark.anyio"
    options = ["-o", "asyncio_mode=strict", "-o", "asyncio_default_fixture_loop_scope=function"]
    run_async_test(pytester, mark, "@pytest.fixture", *options).assert_outcomes(passed=1)


def test_somebody_must_run_it(pytester: pytest.Pytester) -> None:
    """Without a plugin for asynchronous tests the fixture says what is missing."""
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile("def test_client(yaat_async_client): pass")
    result = pytester.runpytest_inprocess("-p", "no:asyncio")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["The fixture 'yaat_async_client' needs a plugin*"])


def test_pytest_asyncio_need_not_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it only the fixture for it is missing."""
    monkeypatch.setitem(sys.modules, "pytest_asyncio", None)
    names = runpy.run_path(pytest_plugin.__file__)
    assert "open_on_anyio" in names
    assert "open_on_asyncio" not in names


def test_the_fixtures_describe_themselves(pytester: pytest.Pytester) -> None:
    """`pytest --fixtures` lists them."""
    result = pytester.runpytest_inprocess("--fixtures", "-p", "no:asyncio")
    result.stdout.fnmatch_lines(["yaat_app -- *", "*A suite overrides this fixture*"])


def test_loading_the_plugin_imports_nothing_of_yaat() -> None:
    """Every pytest run on the machine loads it, those of projects without Yaat too."""
    code = (
        "import sys, yaat_testclient.pytest_plugin\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'yaat', 'httpx', 'httpx2'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
