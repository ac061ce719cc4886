"""Every check of this repository, one session each.

``nox`` runs the quick ones, ``nox -s NAME`` the named one, ``nox -l`` lists them all. Packages are
discovered: each folder under ``packages/`` with a ``pyproject.toml`` takes part.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nox
from packaging.requirements import Requirement

nox.needs_version = ">=2026.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
# A Python that is not here is skipped, and nox says so, instead of being downloaded.
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"
nox.options.tags = ["quick"]

ROOT = Path(__file__).parent
PYTHONS = ["3.11", "3.12", "3.13"]
CONSTRAINTS = f"--constraint={ROOT / 'constraints.txt'}"


@dataclass(frozen=True)
class Package:
    """One distribution of this repository: its folder and its ``pyproject.toml``."""

    folder: Path
    settings: dict[str, Any]

    @property
    def name(self) -> str:
        """The name of the distribution."""
        return str(self.settings["project"]["name"])

    @property
    def requirements(self) -> list[str]:
        """What its users get beside it."""
        return list(self.settings["project"]["dependencies"])

    @property
    def test_requirements(self) -> list[str]:
        """What its tests need on top."""
        return list(nox.project.dependency_groups(self.settings, "tests"))

    @property
    def modules(self) -> list[str]:
        """The import names it ships: one, or none for the umbrella."""
        return [path.parent.name for path in self.folder.glob("src/*/py.typed")]

    @property
    def least_coverage(self) -> float:
        """The branch coverage in percent below which its tests fail."""
        return float(self.settings["tool"]["coverage"]["report"]["fail_under"])


def find_packages() -> dict[str, Package]:
    """Return every package of this repository by name."""
    paths = sorted(ROOT.glob("packages/*/pyproject.toml"))
    packages = [Package(path.parent, nox.project.load_toml(path)) for path in paths]
    return {package.name: package for package in packages}


PACKAGES = find_packages()
WORKSPACE = nox.project.load_toml(ROOT / "pyproject.toml")
#: All packages and what all their tests need.
EVERYTHING = [need for name, package in PACKAGES.items() for need in [name, *package.test_requirements]]


def group(name: str) -> list[str]:
    """Return the requirements of one of the workspace's dependency groups."""
    return list(nox.project.dependency_groups(WORKSPACE, name))


def split(requirements: Iterable[str]) -> tuple[list[Package], list[str]]:
    """Return the packages of this repository that *requirements* lead to, and all the others."""
    local: list[Package] = []
    others: set[str] = set()
    pending = list(requirements)
    while pending:
        requirement = pending.pop()
        package = PACKAGES.get(Requirement(requirement).name)
        if package is None:
            others.add(requirement)
        elif package not in local:
            local.append(package)
            pending += package.requirements
    return local, sorted(others)


def install(session: nox.Session, *requirements: str) -> None:
    """Install *requirements* in one go; the packages of this repository come from their folders."""
    local, others = split(requirements)
    folders = [f"--editable={package.folder}" for package in local]
    session.install(*folders, *others, CONSTRAINTS)


def source_path() -> str:
    """Return the folders to import the packages from when they are not installed."""
    return os.pathsep.join(str(package.folder / "src") for package in PACKAGES.values())


def junit(session: nox.Session) -> str:
    """Return the pytest option that leaves the results where ``.ci/run`` adds them up."""
    return f"--junitxml={session.cache_dir / 'junit' / session.name}.xml"


@nox.session(python=PYTHONS)
@nox.parametrize("name", list(PACKAGES), ids=list(PACKAGES))
def tests(session: nox.Session, name: str) -> None:
    """Run the tests of one package with only what it declares, and hold its coverage."""
    package = PACKAGES[name]
    install(session, name, *package.test_requirements)
    pytest = ["pytest", str(package.folder / "tests"), junit(session), *session.posargs]
    if not package.modules:
        session.run(*pytest)
        return
    env = {"COVERAGE_FILE": str(Path(session.create_tmp()) / "coverage")}
    session.run("coverage", "run", f"--source={','.join(package.modules)}", "-m", *pytest, env=env)
    if not session.posargs:  # A selection of the tests covers what it covers.
        session.run("coverage", "report", f"--fail-under={package.least_coverage}", env=env)


@nox.session(tags=["quick"])
def quick_tests(session: nox.Session) -> None:
    """Run the tests of all packages and of the tree in one environment, on one Python."""
    install(session, *EVERYTHING, *group("integration"))
    folders = [str(package.folder / "tests") for package in PACKAGES.values()]
    session.run("pytest", *folders, *map(str, ROOT.glob("tests/test_*.py")), *session.posargs)


@nox.session(python=PYTHONS[0])
def integration(session: nox.Session) -> None:
    """Run the tests that span packages, with all of them installed and a real server."""
    install(session, *PACKAGES, *group("integration"))
    folders = ["tests", "benchmarks/tests", "packages/yaat-testclient/tests/peers"]
    session.run("pytest", *folders, junit(session), *session.posargs)


@nox.session(tags=["quick"])
def lint(session: nox.Session) -> None:
    """Check the style and the format."""
    session.install(*group("lint"), CONSTRAINTS)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def format(session: nox.Session) -> None:
    """Mend what can be mended without thought."""
    session.install(*group("lint"), CONSTRAINTS)
    session.run("ruff", "check", "--fix-only")
    session.run("ruff", "format")


@nox.session(tags=["quick"])
def types(session: nox.Session) -> None:
    """Check the types of every package, of its tests, and of what is around them."""
    session.install(*split(EVERYTHING)[1], *group("integration"), *group("types"), CONSTRAINTS)
    mypy = ["mypy", f"--config-file={ROOT}/pyproject.toml", f"--cache-dir={ROOT}/.mypy_cache"]
    env = {"MYPYPATH": source_path()}
    for package in PACKAGES.values():
        # From its own folder: two packages may each have a tests/test_plugin.py.
        with session.chdir(package.folder):
            session.run(*mypy, *(["src"] if package.modules else []), "tests", env=env)
    session.run(*mypy, "noxfile.py", *map(str, ROOT.glob(".ci/*.py")), "tests", env=env)


@nox.session(tags=["quick"])
def imports(session: nox.Session) -> None:
    """Check which module may import which."""
    session.install(*group("imports"), CONSTRAINTS)
    session.run("lint-imports", env={"PYTHONPATH": source_path()})


@nox.session
def build(session: nox.Session) -> None:
    """Build every package and use each wheel alone, in an environment with nothing else."""
    session.install(*group("build"), CONSTRAINTS)
    folder = Path(session.create_tmp())
    dist = folder / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    for package in PACKAGES.values():
        to_dist = f"--outdir={dist}"
        session.run("python", "-m", "build", "--no-isolation", to_dist, str(package.folder))
    for package in PACKAGES.values():
        [wheel] = dist.glob(f"{package.name.replace('-', '_')}-*.whl")
        python = make_environment(session, folder / "alone", f"--find-links={dist}", str(wheel))
        modules = [f"--module={module}" for module in package.modules]
        session.run(python, "-I", ".ci/check_installed.py", package.name, *modules, external=True)
    python = make_environment(session, folder / "alone", "packages/yaat-core")
    exactly = ["--module=yaat", "--exactly", "yaat-core", "pluggy"]
    session.run(python, "-I", ".ci/check_installed.py", "yaat-core", *exactly, external=True)


def make_environment(session: nox.Session, folder: Path, *requirements: str) -> str:
    """Make an environment with *requirements* and not even pip in it; return its interpreter."""
    session.run("python", "-m", "venv", "--clear", "--without-pip", str(folder))
    session.run("python", "-m", "pip", f"--python={folder}", "install", "--quiet", *requirements)
    return str(folder / "bin" / "python")


@nox.session
def demo(session: nox.Session) -> None:
    """Serve the showcase on http://127.0.0.1:8000; ``-- --check`` tries its pages and ends."""
    install(session, *PACKAGES, *group("serve"))
    session.run("python", "examples/showcase/serve.py", *session.posargs)


@nox.session(python=PYTHONS[0])
def perf_guard(session: nox.Session) -> None:
    """Fail when a row costs more than what is recorded: 2 % by instructions (needs valgrind), 15 % by time."""
    install(session, *EVERYTHING, *group("bench"))
    session.run("python", "benchmarks/guard.py", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Let hostile clients visit for so many seconds: `nox -s fuzz -- 600`."""
    seconds, *options = session.posargs or ["120"]
    install(session, "yaat-core", *PACKAGES["yaat-core"].test_requirements)
    session.env["YAAT_FUZZ_SECONDS"] = seconds
    session.run("pytest", "packages/yaat-core/tests/test_fuzz.py", "--capture=no", *options)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the packages beside their peers' newest releases."""
    install(session, *PACKAGES)
    session.install("--requirement=benchmarks/peers.txt")
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session
def changelog(session: nox.Session) -> None:
    """Turn fragments into a changelog: ``nox -s changelog -- yaat-core [--draft]``."""
    name, *options = session.posargs
    package = PACKAGES[name]
    session.install(*group("release"), CONSTRAINTS)
    version = package.settings["project"]["version"]
    config = f"--config={package.folder / 'pyproject.toml'}"
    session.run("towncrier", "build", config, f"--version={version}", *options)


@nox.session
def lock(session: nox.Session) -> None:
    """Renew constraints.txt: the versions that the checks run with."""
    session.install(*group("lock"))
    tools = [tool for name in WORKSPACE["dependency-groups"] for tool in group(name)]
    source = Path(session.create_tmp()) / "requirements.in"
    source.write_text("\n".join(split([*EVERYTHING, *tools])[1]))
    options = ["--universal", "--python-version=3.11", "--upgrade", "--no-annotate"]
    options += ["--custom-compile-command=nox -s lock", "--output-file=constraints.txt"]
    session.run("uv", "pip", "compile", *options, str(source))
