"""The documentation is complete: each sample is shown and run, and everything that users may rely on is described."""

import inspect
import pkgutil
import re
import runpy
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from yaat import Yaat
from yaat.records import Command

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SAMPLES = DOCS / "src"
#: At least so many samples are run.
LEAST_SAMPLES = 80
#: Samples of which pages show the lines that are new, or what comes of them.
PARTLY_SHOWN = {
    "how_to/dist/app.js",
    "how_to/dist/index.html",
    "how_to/downloads/report.txt",
    "how_to/static/app.css",
    "plugins/suite/greeting.py",
    "tutorial/step05/templates/index.html",
    "tutorial/step06/templates/index.html",
    "tutorial/step07/templates/index.html",
}
INCLUDED = re.compile(r'^--8<-- "([^":]+)', re.MULTILINE)
#: A command that a page shows how to add.
SHOWN_COMMAND = "count"
#: What the documentation promises: the names that these say are their own.
PUBLIC = (
    "yaat",
    "yaat.arguments",
    "yaat.background",
    "yaat.conditional",
    "yaat.exceptions",
    "yaat.plugins",
    "yaat.records",
    "yaat.responses",
    "yaat.routing",
    *sorted({path.parent.name for path in ROOT.glob("packages/*/src/*/py.typed")} - {"yaat"}),
)


@cache
def read_pages() -> dict[str, str]:
    """Return the text of every page, by its path below docs/."""
    paths = [path for path in DOCS.rglob("*.md") if not path.is_relative_to(SAMPLES)]
    return {str(path.relative_to(DOCS)): path.read_text() for path in sorted(paths)}


def list_included() -> Iterator[tuple[str, Path]]:
    """Yield each file that a page includes, with the page."""
    for name, text in read_pages().items():
        for included in INCLUDED.findall(text):
            path = SAMPLES / included
            yield name, path if path.exists() else ROOT / included


def list_samples(pattern: str = "*") -> list[Path]:
    """Return the samples, without what only tests them."""
    aside = ("conftest.py", "ruff.toml")
    caches = ("__pycache__", ".pytest_cache", ".ruff_cache")
    files = [path for path in SAMPLES.rglob(pattern) if path.is_file() and not set(caches) & set(path.parts)]
    return sorted(path for path in files if not (path.name in aside and path.parent == SAMPLES) and not is_test(path))


def is_test(path: Path) -> bool:
    """Return whether *path* holds the tests of a folder of samples; tests that readers write are samples themselves."""
    return path.parent.parent == SAMPLES and path.name.startswith("test_")


def list_nav(entry: Any) -> Iterator[str]:
    """Yield the pages of the navigation."""
    if isinstance(entry, str):
        yield entry
    else:
        for each in entry.values() if isinstance(entry, dict) else entry:
            yield from list_nav(each)


# Samples


def test_every_page_includes_files_that_exist() -> None:
    """A sample that was moved is missed at once, and not by a reader."""
    assert [(page, str(path)) for page, path in list_included() if not path.is_file()] == []


def test_python_is_shown_from_files_that_run() -> None:
    """No page holds code of its own that nobody has tried; a line or two in between may stand for themselves."""
    blocks = [
        (name, code)
        for name, text in read_pages().items()
        if name != "plugins/hooks.md"  # Its examples come from the specifications, and run in test_hooks_page.py.
        for code in re.findall(r"^```python[^\n]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        if not code.startswith("--8<--") and len(code.splitlines()) > 2
    ]
    assert blocks == []


def test_every_sample_is_run_by_the_tests_of_its_folder() -> None:
    """With the answers that its page claims: `nox -s docs` runs them."""
    samples = list_samples("*.py")
    unknown = []
    for path in samples:
        folder = SAMPLES / path.relative_to(SAMPLES).parts[0]
        tests = "".join(test.read_text() for test in folder.glob("test_*.py"))
        is_listed = 'glob("*.py")' in tests and path.parent == folder
        if not is_listed and str(path.relative_to(folder)) not in tests and not is_run_in_place(path, folder, tests):
            unknown.append(str(path.relative_to(SAMPLES)))
    assert unknown == []
    assert len(samples) >= LEAST_SAMPLES


def is_run_in_place(path: Path, folder: Path, tests: str) -> bool:
    """Return whether *path* runs because its folder is started as a whole: an app of several files, or a suite."""
    top = path.relative_to(folder).parts[0]
    return path.parent != folder and (
        f'{top}/app.py"' in tests or f'folder / "{top}"' in tests or f'/ "{top}"' in tests
    )


def test_every_sample_is_on_a_page() -> None:
    """What nobody sees need not be kept; steps of the tutorial repeat files that an earlier one has shown."""
    shown = {path for _, path in list_included()}
    texts = {path.read_text() for path in shown}
    hidden = [path for path in list_samples() if path not in shown and path.read_text() not in texts]
    assert {str(path.relative_to(SAMPLES)) for path in hidden} == PARTLY_SHOWN


def test_every_page_is_in_the_navigation() -> None:
    """And nothing else is."""
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"]
    assert sorted(list_nav(nav)) == sorted(read_pages())


# Completeness


@cache
def read_reference() -> str:
    """Return all pages of the reference in one text."""
    return "\n".join(text for name, text in read_pages().items() if name.startswith("reference/"))


def list_public(module: ModuleType) -> list[str]:
    """Return the names that *module* offers."""
    own = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
    return list(getattr(module, "__all__", [name for name in own if not name.startswith("_")]))


@cache
def list_described() -> list[Any]:
    """Return what the reference describes by docstrings: the objects after its `:::`, or those of such modules."""
    found = []
    for name in re.findall(r"^::: ([\w.]+)$", read_reference(), re.MULTILINE):
        described = pkgutil.resolve_name(name)
        names = list_public(described) if isinstance(described, ModuleType) else []
        found += [described, *(getattr(described, each) for each in names)]
    return [each for each in found if inspect.getdoc(each) and hasattr(each, "__name__")]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_in_the_reference(name: str) -> None:
    """By its docstring; what has none of its own, such as a constant or a second name, by a line on a page."""
    module = import_module(name)
    missing = []
    for each in list_public(module):
        value = getattr(module, each)
        is_described = getattr(value, "__name__", None) == each and any(value is other for other in list_described())
        if not is_described and f"`{each}`" not in read_reference():
            missing.append(f"{name}.{each}")
    assert missing == []


def test_every_setting_is_described() -> None:
    """The page of settings is what the docstrings of the app and of all plugins say today."""
    writer = runpy.run_path(str(DOCS / "reference" / "write_settings.py"))
    assert writer["format_page"]() == read_pages()["reference/settings.md"], "Run: nox -s docs"


def test_every_command_is_described_with_its_options() -> None:
    """On the page of the command line, in the section of the command."""
    commands = import_module("yaat_cli.main").COMMANDS
    page = read_pages()["reference/cli.md"]
    missing = []
    for name in commands:
        section = re.search(rf"^### `yaat {name}\b.*?(?=^##)", page, re.DOTALL | re.MULTILINE)
        if section is None:
            missing.append(name)
            continue
        command = import_module(f"yaat_cli.commands.{name}").command
        options = [option for each in command.params for option in each.opts if option.startswith("-")]
        missing += [f"{name} {option}" for option in options if f"`{option}`" not in section[0]]
        missing += [f"{name} {sub}" for sub in getattr(command, "commands", ()) if f"yaat {name} {sub}" not in page]
    assert missing == []


def test_commands_that_pages_name_exist() -> None:
    """With the options that they are shown with."""
    commands = import_module("yaat_cli.main").COMMANDS
    app = Yaat()
    app.build()
    contributed = app.manager.collect("yaat_register_commands", expect=Command, commands=())
    others = {SHOWN_COMMAND, *(record.name for record in contributed)}
    unknown = []
    for page, text in read_pages().items():
        for name, rest in re.findall(r"(?:^\$ |`)(?:\w+=\S+ )?yaat ([a-z]+)([^`\n]*)", text, re.MULTILINE):
            if name not in commands:
                unknown += [f"{page}: yaat {name}"] if name not in others else []
                continue
            command = import_module(f"yaat_cli.commands.{name}").command
            known = {option for each in command.params for option in each.opts}
            unknown += [f"{page}: yaat {name} {each}" for each in re.findall(r"--[\w-]+", rest) if each not in known]
    assert unknown == []


def test_every_logger_is_described() -> None:
    """Whoever runs an app can tell what to listen for."""
    sources = [path.read_text() for path in ROOT.glob("packages/*/src/**/*.py")]
    loggers = {name for text in sources for name in re.findall(r'getLogger\("(yaat[\w.]*)"\)', text)}
    page = read_pages()["how-to/logging.md"]
    assert [name for name in sorted(loggers) if f"`{name}`" not in page] == []


def test_every_environment_variable_is_described() -> None:
    """Those that this repository reads, on the page of settings."""
    sources = [path.read_text() for path in ROOT.glob("packages/*/src/**/*.py")]
    variables = {name for text in sources for name in re.findall(r'"(YAAT_[A-Z]+)"', text)}
    page = read_pages()["reference/settings.md"]
    assert [name for name in sorted(variables) if f"`{name}`" not in page] == []


def test_every_package_has_its_release_notes() -> None:
    """A page each, which is its changelog."""
    names = {path.parent.name for path in ROOT.glob("packages/*/pyproject.toml")}
    pages = {Path(name).stem: text for name, text in read_pages().items() if name.startswith("project/release-notes/")}
    assert pages.keys() - {"index"} == names
    assert [name for name in names if f'"packages/{name}/CHANGELOG.md"' not in pages[name]] == []
