"""What ``import yaat``, and an app in an environment full of plugins, cost: nothing that nobody asked for."""

import importlib
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: The libraries of the extension packages. All of them are installed where this test runs.
LIBRARIES = ["aiofiles", "click", "httpx", "jinja2", "msgspec", "uvicorn"]
#: What of the standard library few apps need, or only those that are built; asyncio, which every server has, has none.
NEEDED_LATER = ["concurrent.futures.thread", "copy", "dataclasses", "graphlib", "http", "importlib.metadata", "uuid"]
#: Modules of the core that bring along what only a build needs.
BUILDING = ["yaat.builder", "yaat.debug_page", "yaat.plugins.loading", "yaat.routing.names"]
#: Serves a start-up and several kinds of requests, and prints the modules that the requests imported.
SERVE = """
import asyncio, logging, sys
from contextlib import suppress
from yaat import Yaat
from yaat.exceptions import NotFound

app = Yaat(autoload=False)
app.get("/plain")(lambda request: "text")

@app.get("/items/{number:uuid}")
async def item(request, number):
    return {"number": str(number), "host": request.url.host}

@app.get("/missing")
async def missing(request):
    raise NotFound

@app.get("/broken")
async def broken(request):
    raise ValueError

async def ask(path):
    async def receive():
        return {"type": "http.request"}

    async def send(message):
        pass

    headers = [(b"host", b"example.com"), (b"accept", b"text/html")]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
    with suppress(ValueError):
        await app(scope, receive, send)

async def serve():
    messages, is_started = asyncio.Queue(), asyncio.Event()

    async def send(message):
        is_started.set()

    messages.put_nowait({"type": "lifespan.startup"})
    lifespan = asyncio.create_task(app({"type": "lifespan"}, messages.get, send))
    await is_started.wait()
    before = set(sys.modules)
    for path in ["/plain", "/items/123e4567-e89b-12d3-a456-426614174000", "/missing", "/nowhere", "/broken"]:
        await ask(path)
    print(*sorted(set(sys.modules) - before))
    messages.put_nowait({"type": "lifespan.shutdown"})
    await lifespan

logging.disable()
asyncio.run(serve())
"""
EXTENSIONS = sorted({path.parent.name for path in ROOT.glob("packages/*/src/*/py.typed")} - {"yaat"})


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules that a new interpreter holds after ``import yaat``."""
    code = "import sys, yaat; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("name", LIBRARIES + EXTENSIONS)
def test_importing_yaat_imports_no_extension_and_no_library_of_one(name: str, loaded: set[str]) -> None:
    """``import yaat`` leaves alone what only extensions need, even where it is installed."""
    assert find_spec(name), f"{name} is not installed, so this would prove nothing"
    assert name not in loaded


@pytest.mark.parametrize("name", NEEDED_LATER)
def test_importing_yaat_leaves_to_the_build_what_only_that_needs(name: str, loaded: set[str]) -> None:
    """``import yaat`` does not import the dearer modules of the standard library: they come with what needs them."""
    assert name not in loaded


@pytest.mark.parametrize("name", BUILDING)
def test_importing_yaat_does_not_import_what_builds_an_app(name: str, loaded: set[str]) -> None:
    """What only a build needs is imported by the first build."""
    assert find_spec(name), f"there is no module {name}, so this would prove nothing"
    assert name not in loaded


def test_no_request_waits_for_an_import() -> None:
    """All that answers need is there when the app has started: plain handlers, converters, URLs and errors."""
    done = subprocess.run([sys.executable, "-c", SERVE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


#: What belongs to a feature, and an app that uses the feature.
FEATURES = [
    ("jinja2", "Yaat(plugins=[TemplatesPlugin({'a.html': ''})])"),
    ("jinja2", "os.mkdir('templates') or Yaat()"),
    ("yaat_staticfiles.staticfiles", "Yaat(settings={'staticfiles': {'directory': '.'}})"),
    ("aiofiles", "Yaat(settings={'staticfiles': {'directory': '.'}})"),
]
#: What nothing needs before a request asks for it.
ON_REQUEST = ["difflib", "html", "multipart", "secrets", "yaml", "yaat_openapi.edition", "yaat_swagger_ui"]


def list_built(app: str, folder: Path) -> set[str]:
    """Return the modules that a new interpreter holds when it has built *app* in an empty folder."""
    code = f"import os, sys; from yaat import Yaat; from yaat_templates import TemplatesPlugin; ({app}).build()"
    command = [sys.executable, "-c", f"{code}; print(*sys.modules)"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules of an app that has all plugins and uses nothing of them."""
    return list_built("Yaat()", tmp_path_factory.mktemp("empty"))


@pytest.mark.parametrize("name", [*dict.fromkeys(name for name, _ in FEATURES), *ON_REQUEST])
def test_app_that_uses_nothing_of_a_plugin_imports_nothing_for_it(name: str, built: set[str]) -> None:
    """The plugin is there, and what it would need is not."""
    assert "yaat_templates.plugin" in built
    assert name not in built


@pytest.mark.parametrize(("name", "app"), FEATURES)
def test_app_that_uses_a_feature_has_imported_it_when_it_is_built(name: str, app: str, tmp_path: Path) -> None:
    """No request has to wait for an import."""
    assert name in list_built(app, tmp_path)


@pytest.mark.parametrize("name", EXTENSIONS)
def test_every_name_that_a_package_offers_is_there(name: str) -> None:
    """Those too that are imported when somebody asks for them; and no others."""
    package = importlib.import_module(name)
    for each in getattr(package, "__all__", ()):
        assert getattr(package, each) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = package.no_such_name
