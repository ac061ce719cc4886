"""The rules that every package and every module of this repository keeps.

Each test reads the tree and lists what breaks its rule, one ``path:line: reason`` each.
"""

import ast
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
WORKSPACE = tomllib.loads((ROOT / "pyproject.toml").read_text())

#: They say where code was put, not what it is.
FORBIDDEN_NAMES = {"base", "common", "components", "constants", "core", "helpers", "misc", "types", "utils"}
#: The rim of the core. Everything else of it is plain functions over values, which can be tested with values.
MAY_AWAIT = {
    "yaat.app",
    "yaat.asgi",
    "yaat.asgi_lifespan",
    "yaat.background",
    "yaat.binding",
    "yaat.body",
    "yaat.boundary",
    "yaat.compilation",
    "yaat.convert",
    "yaat.deferred",
    "yaat.endpoint",
    "yaat.failure",
    "yaat.fallbacks",
    "yaat.handler",
    "yaat.life",
    "yaat.lifespan",
    "yaat.line",
    "yaat.middleware",
    "yaat.request",
    "yaat.response",
    "yaat.responses",
    "yaat.step",
    "yaat.streaming",
    "yaat.threads",
}
MAX_MODULE_LINES = 300
MAX_FUNCTION_LINES = 40
IGNORED_CHECK = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no cover)\b")
REASON = re.compile(r"\s[-—#]\s+\w")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Package:
    """One folder under ``packages/``."""

    folder: Path
    settings: dict[str, Any]

    @property
    def name(self) -> str:
        """The distribution."""
        return str(self.settings["project"]["name"])

    @property
    def has_code(self) -> bool:
        """Whether it ships an import package; the umbrella does not."""
        return (self.folder / "src").exists()


@dataclass(frozen=True)
class Module:
    """One file under a package's ``src/``."""

    path: Path
    lines: list[str]
    tree: ast.Module

    @property
    def name(self) -> str:
        """Its name to import it by."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[parts.index("src") + 1 :]).removesuffix(".__init__")

    def at(self, line: int, reason: str) -> str:
        """Say that *reason* holds at *line*, in a form that editors can jump to."""
        return f"{self.path.relative_to(ROOT)}:{line}: {reason}"


@cache
def find_packages() -> list[Package]:
    """Return every package of the tree."""
    paths = sorted(ROOT.glob("packages/*/pyproject.toml"))
    return [Package(path.parent, tomllib.loads(path.read_text())) for path in paths]


@cache
def find_modules() -> list[Module]:
    """Return every module that a package ships."""
    paths = sorted(ROOT.glob("packages/*/src/**/*.py"))
    texts = [(path, path.read_text()) for path in paths]
    return [Module(path, text.splitlines(), ast.parse(text)) for path, text in texts]


def find_functions(module: Module) -> list[Function]:
    """Return each function and method of a module, nested ones too."""
    return [node for node in ast.walk(module.tree) if isinstance(node, Function)]


def refuse(faults: list[str]) -> None:
    """Fail the test with the faults below each other, if there are any."""
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


# Packages


def test_every_package_has_the_files_it_ships_with() -> None:
    """A package is complete in its own folder: licence, documents, fragments and tests."""
    wanted = ["LICENSE", "COPYING", "README.md", "CHANGELOG.md", "changelog.d", "tests/test_*.py"]
    faults = [
        f"packages/{package.folder.name} has no {name}"
        for package in find_packages()
        for name in wanted + ["src/*/__init__.py", "src/*/py.typed"] * package.has_code
        if not any(package.folder.glob(name))
    ]
    refuse(faults)


def test_every_package_has_a_static_version() -> None:
    """The version stands in ``pyproject.toml``, so it can be read without building anything."""
    faults = [
        f"packages/{package.folder.name}: version is {package.settings['project'].get('version')!r}"
        for package in find_packages()
        if not re.fullmatch(r"\d+\.\d+\.\d+\w*", package.settings["project"].get("version", ""))
    ]
    refuse(faults)


def test_folder_and_distribution_have_the_same_name() -> None:
    """A package is found under the name it is installed by."""
    faults = [
        f"packages/{package.folder.name} holds {package.name!r}"
        for package in find_packages()
        if package.folder.name != package.name
    ]
    refuse(faults)


def test_packages_ask_for_their_siblings_by_lower_bounds() -> None:
    """A sibling is never pinned, so each package can be upgraded on its own."""
    siblings = {package.name for package in find_packages()}
    faults = [
        f"packages/{package.folder.name}: {requirement!r}; write '{found[1]}>=VERSION'"
        for package in find_packages()
        for requirement in package.settings["project"]["dependencies"]
        if (found := re.match(r"([\w-]+)", requirement)) and found[1] in siblings
        if not re.fullmatch(rf"{found[1]}>=\d+(\.\d+)*(,<\d+)?", requirement)
    ]
    refuse(faults)


def test_umbrella_requires_every_other_package() -> None:
    """``pip install yaat`` brings everything there is."""
    packages = {package.name: package for package in find_packages()}
    requirements = packages.pop("yaat").settings["project"]["dependencies"]
    required = {requirement.partition(">=")[0] for requirement in requirements}
    assert sorted(packages) == sorted(required)


def test_import_contracts_cover_every_package() -> None:
    """A new extension is kept apart from the core and from the others from its first day."""
    extensions = {path.parent.name for path in ROOT.glob("packages/*/src/*/py.typed")} - {"yaat"}
    contracts = WORKSPACE["tool"]["importlinter"]["contracts"]
    [forbidden] = [contract for contract in contracts if contract["type"] == "forbidden"]
    [apart] = [contract for contract in contracts if contract["type"] == "independence"]
    [acyclic] = [contract for contract in contracts if contract["type"] == "acyclic_siblings"]
    assert extensions <= set(forbidden["forbidden_modules"])
    assert extensions == set(apart["modules"])
    assert extensions | {"yaat"} == set(acyclic["ancestors"])


def test_workspace_knows_every_package() -> None:
    """With uv, too, packages find each other in the tree."""
    required = {package.name for package in find_packages()} - {"yaat"}
    assert sorted(WORKSPACE["tool"]["uv"]["sources"]) == sorted(required)


# Modules


def test_modules_are_short() -> None:
    """A module can be read in one sitting: 300 lines at most."""
    faults = [
        module.at(len(module.lines), f"{len(module.lines)} lines, {MAX_MODULE_LINES} at most")
        for module in find_modules()
        if len(module.lines) > MAX_MODULE_LINES
    ]
    refuse(faults)


def test_modules_are_named_after_what_they_hold() -> None:
    """No module is called utils, helpers or the like."""
    faults = [
        module.at(1, f"{path.stem!r} does not say what is in it")
        for module in find_modules()
        for path in [module.path.relative_to(ROOT), *module.path.relative_to(ROOT).parents]
        if path.stem.strip("_") in FORBIDDEN_NAMES
    ]
    refuse(faults)


def test_modules_import_their_own_kind_at_run_time_only() -> None:
    """No import of our own hides behind ``TYPE_CHECKING``: it would be a cycle."""
    faults = [
        module.at(condition.lineno, f"imports {name} for type checkers only")
        for module in find_modules()
        for condition in ast.walk(module.tree)
        if isinstance(condition, ast.If) and "TYPE_CHECKING" in ast.unparse(condition.test)
        for statement in ast.walk(condition)
        for name in imported_names(statement)
        if re.match(r"yaat(_\w+)?(\.|$)", name)
    ]
    refuse(faults)


def test_stubs_say_what_packages_offer() -> None:
    """A package that imports names when somebody asks for them has a stub with the same names, from the same places."""
    late = [(module, find_late_names(module.tree)) for module in find_modules()]
    packages = [(module, names) for module, names in late if names]
    assert packages, "No package imports anything late, so this would prove nothing."
    faults = [
        module.at(1, "does not offer what its stub says")
        for module, names in packages
        if find_imported(ast.parse(module.path.with_suffix(".pyi").read_text())) != find_imported(module.tree) | names
    ]
    refuse(faults)


def find_late_names(tree: ast.Module) -> dict[str, str]:
    """Return the names that a package imports when somebody asks for them (PEP 562), each with its module."""
    assignments = [node for node in tree.body if isinstance(node, ast.Assign)]
    tables = [node.value for node in assignments if ast.unparse(node.targets[0]) == "_LAZY"]
    return dict(ast.literal_eval(tables[0])) if tables else {}


def find_imported(tree: ast.Module) -> dict[str, str]:
    """Return the names that a module imports from its siblings, each with that module."""
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.level == 1]
    return {alias.name: node.module or "" for node in imports for alias in node.names}


def imported_names(statement: ast.AST) -> list[str]:
    """Return the modules that a statement imports; a relative import counts as one of ``yaat``."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    if isinstance(statement, ast.ImportFrom):
        return ["yaat" if statement.level else statement.module or ""]
    return []


def test_only_the_rim_of_the_core_awaits() -> None:
    """A module of the core that awaits is one of those listed here; routing, values and plugins never do."""
    faults = [
        module.at(node.lineno, f"{module.name} awaits and is not in MAY_AWAIT")
        for module in find_modules()
        if module.name.partition(".")[0] == "yaat" and module.name not in MAY_AWAIT
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith)
    ]
    gone = MAY_AWAIT - {module.name for module in find_modules()}
    refuse(faults + [f"MAY_AWAIT lists {name}, which does not exist" for name in sorted(gone)])


def test_every_ignored_check_has_its_reason_beside_it() -> None:
    """``noqa``, ``type: ignore`` and ``pragma: no cover`` say why, on their line or in a comment above it."""
    faults = [
        module.at(number, f"{found[0]!r} gives no reason; write '# noqa: CODE - reason'")
        for module in find_modules()
        for number, line in enumerate(module.lines, start=1)
        if (found := IGNORED_CHECK.search(line)) and not REASON.search(line, found.end())
        if not module.lines[number - 2].lstrip().startswith("#")
    ]
    refuse(faults)


# Functions


def test_functions_are_short() -> None:
    """A function has 40 lines of code at most; a ``PERF`` comment with its benchmark lifts that."""
    faults = [
        module.at(function.lineno, f"{function.name} has {count} lines of code, {MAX_FUNCTION_LINES} at most")
        for module in find_modules()
        for function in find_functions(module)
        if (count := count_code_lines(module, function)) > MAX_FUNCTION_LINES
        if "# PERF" not in "\n".join(module.lines[function.lineno - 2 : function.end_lineno])
    ]
    refuse(faults)


def count_code_lines(module: Module, function: Function) -> int:
    """Return the lines of a function's body that are neither blank, nor comment, nor docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    code = [line.strip() for line in module.lines[body[0].lineno - 1 : function.end_lineno]]
    return sum(1 for line in code if line and not line.startswith("#"))


def test_functions_are_nested_once_at_most() -> None:
    """A function may make one adapter; a function in a function in a function hides what it is."""
    faults = {
        module.at(inner.lineno, f"{inner.name} is nested twice")
        for module in find_modules()
        for function in find_functions(module)
        for nested in ast.walk(function)
        if isinstance(nested, Function) and nested is not function
        for inner in ast.walk(nested)
        if isinstance(inner, Function) and inner is not nested
    }
    refuse(sorted(faults))
