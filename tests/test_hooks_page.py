"""Every hook is on the page about hooks, as it is: with its signature, an example that runs, and a test."""

import ast
import inspect
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from yaat import Plugin
from yaat_testclient import make_app

ROOT = Path(__file__).parent.parent
WRITER = runpy.run_path(str(ROOT / "docs/plugins/write_hooks.py"))
HOOKS = WRITER["list_hooks"]()
PAGE = (ROOT / "docs/plugins/hooks.md").read_text()


@pytest.fixture(params=HOOKS, ids=lambda hook: hook.name)
def hook(request: pytest.FixtureRequest) -> Any:
    """One hook after another."""
    return request.param


def find_section(name: str) -> str:
    """Return the part of the page about one hook."""
    _, heading, rest = PAGE.partition(f"\n### {name}\n")
    return heading + re.split(r"^##", rest, maxsplit=1, flags=re.MULTILINE)[0]


def test_the_page_is_current() -> None:
    """It is what the specifications say today."""
    assert WRITER["format_page"](HOOKS) == PAGE, "Run: nox -s docs_hooks"


def test_every_hook_has_its_section(hook: Any) -> None:
    """With all its parts."""
    section = find_section(hook.name)
    assert section
    assert [part for part in ("**Args**", "**Returns**", "**Order**", "**Example**") if part not in section] == []
    assert re.search(r"^Added in (hook API 1|yaat-\w+ \d)\.\d+\.$", section, re.MULTILINE)


def test_every_hook_is_shown_with_its_exact_signature(hook: Any) -> None:
    """The arguments of the function that specifies it, and no others."""
    specified = next(getattr(namespace, hook.name) for namespace in list_namespaces() if hasattr(namespace, hook.name))
    shown = re.search(rf"^def {hook.name}.*$", find_section(hook.name), re.MULTILINE)
    assert shown is not None
    [definition] = ast.parse(f"{shown[0]}: ...").body
    assert isinstance(definition, ast.FunctionDef)
    names = [argument.arg for argument in definition.args.args]
    assert names == [name for name in inspect.signature(specified).parameters if name != "self"]


def list_namespaces() -> list[Any]:
    """Return the classes that specify hooks."""
    modules = [
        __import__(f"{path.parent.name}.hooks", fromlist=["hooks"]) for path in ROOT.glob("packages/*/src/*/hooks.py")
    ]
    extensions = [value for module in modules for value in vars(module).values() if inspect.isclass(value)]
    return [*WRITER["SPECIFICATIONS"], *extensions]


def test_every_example_runs_and_implements_its_hook(hook: Any) -> None:
    """What it shows is a plugin that an app can have, beside the packages that specify the hook."""
    assert hook.example in find_section(hook.name)
    names: dict[str, Any] = {"__file__": __file__}
    exec(compile(hook.example, hook.name, "exec"), names)
    [plugin] = [each for each in names.values() if inspect.isclass(each) and issubclass(each, Plugin) and each.name]
    others = ["templates", "openapi"] if hook.origin != "yaat-core" else []
    app = make_app(*others, plugin())
    app.build()
    assert plugin.name in app.manager.hooks[hook.name]


def test_every_hook_has_a_test(hook: Any) -> None:
    """In the package that specifies it; and those of the core are in the corpus of plugins, too."""
    tests = [path.read_text() for path in (ROOT / "packages" / hook.origin / "tests").rglob("test_*.py")]
    assert any(hook.name in text for text in tests)
    corpus = [path.read_text() for path in (ROOT / "tests" / "corpus").rglob("*.py")]
    assert hook.origin != "yaat-core" or any(f"def {hook.name}(" in text for text in corpus)
