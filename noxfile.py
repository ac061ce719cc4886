"""Every check of this repository, one session each.

``nox`` runs the quick ones, ``nox -s NAME`` the named one, ``nox -l`` lists them all. Packages are
discovered: each folder under ``packages/`` with a ``pyproject.toml`` takes part.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nox
from packaging.requirements import Requirement
from packaging.version import Version

nox.needs_version = ">=2026.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
# A Python that is not here is skipped, and nox says so, instead of being downloaded.
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"
nox.options.tags = ["quick"]

ROOT = Path(__file__).parent
PYTHONS = ["3.11", "3.12", "3.13"]
#: Tested too where they are; nobody has to have them.
NEWER_PYTHONS = [version for version in ("3.14", "3.15") if shutil.which(f"python{version}")]
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
    def version(self) -> str:
        """The version that is being worked on."""
        return str(self.settings["project"]["version"])

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


@nox.session(python=[*PYTHONS, *NEWER_PYTHONS])
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


@nox.session(python=PYTHONS[0])
def browser(session: nox.Session) -> None:
    """Drive Chromium through pages that use the packages, from their own origin and from another."""
    chromium = find_chromium(session)
    install(session, *PACKAGES, *group("browser"))
    session.run("pytest", "tests/browser", junit(session), *session.posargs, env={"YAAT_CHROMIUM": chromium})


def find_chromium(session: nox.Session) -> str:
    """Return the path of the system's Chromium. Where there is none, CI installs Debian's; others skip the session."""
    if shutil.which("chromium") is None and os.environ.get("CI") == "true":
        session.run("apt-get", "update", "-qq", external=True)
        session.run("apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium", external=True)
    chromium = shutil.which("chromium")
    if chromium is None:
        session.skip("There is no Chromium here. On Debian: apt-get install chromium")
    return chromium


@nox.session(python=PYTHONS[0])
def outside_httpbin(session: nox.Session) -> None:
    """Run httpbin's own tests, from its sdist, against the example that has its API."""
    install(session, "yaat-core", "yaat-forms", *group("outside_httpbin"))
    folder = fetch_sdist(session, "httpbin==0.10.4")
    # Beside the tests stands httpbin itself, which they would import; without it they import what stands in for it.
    shutil.rmtree(folder / "httpbin")
    path = os.pathsep.join(map(str, (ROOT / "tests/outside/standin", ROOT / "examples/httpbin")))
    pytest = ["pytest", "-c", os.devnull, f"--rootdir={folder}", "tests", junit(session), *session.posargs]
    with session.chdir(folder):
        session.run(*pytest, env={"PYTHONPATH": path})


@nox.session(python=PYTHONS[0])
def outside_requests(session: nox.Session) -> None:
    """Run requests' own tests, from its sdist, against the example that has httpbin's API, under uvicorn."""
    install(session, "yaat-core", "yaat-forms", *group("outside_requests"))
    folder = fetch_sdist(session, "requests==2.34.2")
    session.install(f"{folder}[socks]", CONSTRAINTS)
    # They wait for an address that must swallow what is sent to it. Not every network has such an address.
    names = ("test_connect_timeout", "test_total_timeout_connect")
    tarpit = [f"--deselect=tests/test_requests.py::TestTimeout::{name}" for name in names]
    with session.chdir(folder):
        env = {"PYTHONPATH": str(ROOT / "tests/outside")}
        session.run("pytest", "-p", "served_httpbin", "tests", *tarpit, junit(session), *session.posargs, env=env)


def fetch_sdist(session: nox.Session, requirement: str) -> Path:
    """Return a folder with the source of a package from the index."""
    folder = Path(session.create_tmp()) / "sdist"
    shutil.rmtree(folder, ignore_errors=True)
    options = ["--quiet", "--no-deps", "--no-binary=:all:", f"--dest={folder}"]
    session.run("python", "-m", "pip", "download", *options, requirement)
    [archive] = folder.iterdir()
    shutil.unpack_archive(archive, folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


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
    folder, dist = Path(session.create_tmp()), build_all(session)
    for package in PACKAGES.values():
        wheel = find_wheel(dist, package.name)
        python = make_environment(session, folder / "alone", f"--find-links={dist}", wheel)
        modules = [f"--module={module}" for module in package.modules]
        session.run(python, "-I", ".ci/check_installed.py", package.name, *modules, external=True)
    python = make_environment(session, folder / "alone", "packages/yaat-core")
    exactly = ["--module=yaat", "--exactly", "yaat-core", "pluggy"]
    session.run(python, "-I", ".ci/check_installed.py", "yaat-core", *exactly, external=True)


def build_all(session: nox.Session, *options: str) -> Path:
    """Build every package, and return the folder of what was built."""
    session.install(*group("build"), CONSTRAINTS)
    dist = Path(session.create_tmp()) / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    for package in PACKAGES.values():
        session.run("python", "-m", "build", "--no-isolation", *options, f"--outdir={dist}", str(package.folder))
    return dist


def find_wheel(dist: Path, name: str) -> str:
    """Return the wheel of a package."""
    [wheel] = dist.glob(f"{name.replace('-', '_')}-*.whl")
    return str(wheel)


def make_environment(session: nox.Session, folder: Path, *requirements: str) -> str:
    """Make an environment with *requirements* and not even pip in it; return its interpreter."""
    session.run("python", "-m", "venv", "--clear", "--without-pip", str(folder))
    session.run("python", "-m", "pip", f"--python={folder}", "install", "--quiet", *requirements)
    return str(folder / "bin" / "python")


@nox.session
@nox.parametrize("name", list(PACKAGES), ids=list(PACKAGES))
def floors(session: nox.Session, name: str) -> None:
    """Run the tests of one package with the lowest versions that its requirements allow."""
    package = PACKAGES[name]
    local, others = split([name])
    more, tools = split(package.test_requirements)
    folders = {f"--editable={each.folder}": None for each in (*local, *more)}
    declared = {Requirement(each).name for each in others}
    pinned = [pin for pin in read_pins(tools) if Requirement(pin).name not in declared]
    run_uv(session, "--resolution=lowest-direct", *folders, *others, *pinned)
    session.run("pytest", str(package.folder / "tests"), *session.posargs)


@nox.session
def combos(session: nox.Session) -> None:
    """Try the core with every subset of the extensions: an app builds, and answers one request."""
    dist = build_all(session, "--wheel")
    session.install(*split(PACKAGES)[1], CONSTRAINTS)
    folder = dist.parent / "apart"
    shutil.rmtree(folder, ignore_errors=True)
    for package in PACKAGES.values():
        if package.modules:
            options = ["--no-deps", f"--target={folder / package.name}"]
            session.run("python", "-m", "pip", "install", "--quiet", *options, find_wheel(dist, package.name))
    session.run("python", "tests/checks/combinations.py", str(folder))


@nox.session
def isolated(session: nox.Session) -> None:
    """Install each wheel with what it declares alone: siblings that it does not declare are not there."""
    dist = build_all(session, "--wheel")
    every = {module for package in PACKAGES.values() for module in package.modules}
    for package in PACKAGES.values():
        if not package.modules:
            continue
        declared = {module for each in split([package.name])[0] for module in each.modules}
        wheel = find_wheel(dist, package.name)
        python = make_environment(session, dist.parent / "alone", f"--find-links={dist}", wheel)
        modules = ["--module", *package.modules, "--absent", *sorted(every - declared)]
        session.run(python, "-I", "tests/checks/isolation.py", *modules, external=True)


@nox.session
def template(session: nox.Session) -> None:
    """Render a plugin from the template, and let it run its own checks against the wheels of these packages."""
    dist = build_all(session, "--wheel")
    session.install(*group("types"), *group("lock"), CONSTRAINTS)
    folder = dist.parent / "yaat-sample"
    shutil.rmtree(folder, ignore_errors=True)
    session.run("python", "-I", "template/render.py", "plugin", "sample", str(folder))
    env = {"PIP_FIND_LINKS": str(dist), "UV_FIND_LINKS": str(dist)}
    with session.chdir(folder):
        session.run("python", "-m", "nox", *session.posargs, env=env)


@nox.session
def compat_old_core(session: nox.Session) -> None:
    """Run the tests of the extensions with each released core that they say they work with."""
    pairs = [
        (version, commit, package)
        for version, commit in read_releases("yaat-core").items()
        for package in PACKAGES.values()
        for requirement in map(Requirement, package.requirements)
        if requirement.name == "yaat-core" and requirement.specifier.contains(version) and package.modules
    ]
    for version, commit, package in pairs:
        session.log(f"{package.name} with yaat-core {version}")
        old = export(session, commit, "yaat-core")
        local, others = split([package.name, *package.test_requirements])
        folders = [f"--editable={each.folder}" for each in local if each.name != "yaat-core"]
        run_uv(session, "--reinstall-package=yaat-core", str(old), *folders, *others, CONSTRAINTS)
        session.run("pytest", str(package.folder / "tests"))
    if not pairs:
        session.skip("No released core is in the range of any extension: releases.toml lists none.")


@nox.session
def compat_old_extension(session: nox.Session) -> None:
    """Run the tests of each released extension, as they were then, with the core of today."""
    released = [(name, *each) for name in PACKAGES if name != "yaat-core" for each in read_releases(name).items()]
    for name, version, commit in released:
        session.log(f"{name} {version} with the yaat-core of today")
        old = export(session, commit, name)
        settings = nox.project.load_toml(old / "pyproject.toml")
        needs = nox.project.dependency_groups(settings, "tests")
        local, others = split(["yaat-core", *needs, *settings["project"]["dependencies"]])
        folders = [f"--editable={each.folder}" for each in local if each.name != name]
        run_uv(session, f"--reinstall-package={name}", str(old), *folders, *others, CONSTRAINTS)
        session.run("pytest", str(old / "tests"))
    if not released:
        session.skip("No extension was released yet: releases.toml lists none.")


def run_uv(session: nox.Session, *requirements: str) -> None:
    """Install *requirements* with uv, whatever nox itself uses: it can do what pip cannot."""
    session.install(*group("lock"))
    # Without the sources of the workspace, which would insist on the packages as they are here.
    options = ["--quiet", "--no-sources", f"--python={session.virtualenv.location}"]
    session.run("uv", "pip", "install", *options, *requirements)


def read_pins(requirements: Iterable[str]) -> list[str]:
    """Return the versions of *requirements* that the checks run with, as constraints.txt has them."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = {Requirement(line).name: line for line in lines if line and not line.startswith("#")}
    return [pins.get(Requirement(each).name, each) for each in requirements]


def read_releases(name: str) -> dict[str, str]:
    """Return the released versions of a package, each with its commit."""
    return dict(nox.project.load_toml(ROOT / "releases.toml").get(name, {}))


def export(session: nox.Session, commit: str, name: str) -> Path:
    """Return a folder with a package as it was at *commit*."""
    folder = Path(session.create_tmp()) / commit
    if not folder.exists():
        folder.mkdir()
        archive = folder / "archive.tar"
        session.run("git", "archive", f"--output={archive}", commit, "packages", external=True)
        shutil.unpack_archive(archive, folder)
    return folder / "packages" / name


@nox.session(python=PYTHONS[0])
def docs(session: nox.Session) -> None:
    """Build the documentation into build/site, strictly, and run every sample of it."""
    install(session, *PACKAGES, *group("docs"))
    session.run("python", "docs/reference/write_settings.py")
    session.run("zensical", "build", "--strict", "--clean")
    session.run("pytest", "docs/src", "tests/test_docs.py", junit(session), *session.posargs)


@nox.session
def docs_hooks(session: nox.Session) -> None:
    """Write docs/plugins/hooks.md from the specifications of the hooks; ``-- --check`` only says if it is current."""
    install(session, *PACKAGES)
    session.run("python", "docs/plugins/write_hooks.py", *session.posargs)


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


@nox.session(python=PYTHONS[0])
def fuzz_parsers(session: nox.Session) -> None:
    """Look for what breaks a parser, so many seconds for each or for the named: `nox -s fuzz_parsers -- 180 json`."""
    seconds, *names = session.posargs or ["60"]
    install(session, *PACKAGES, *group("fuzz"))
    session.run("python", "-m", "tests.fuzz.run", seconds, *names)


@nox.session(python=PYTHONS[0])
def schemathesis(session: nox.Session) -> None:
    """Hold apps against their documents, each so many seconds: `nox -s schemathesis -- 300 -k conduit`."""
    seconds, *options = session.posargs or ["300"]
    install(session, *PACKAGES, *group("integration"))
    session.env["YAAT_SCHEMATHESIS_SECONDS"] = seconds
    tests = "tests/integration/test_openapi_schemathesis.py::test_app_does_what_its_document_says"
    session.run("pytest", tests, "--verbose", *options)


@nox.session(python=PYTHONS[0])
def soak(session: nox.Session) -> None:
    """Send a million requests, stop servers under load, and look for what is left: `nox -s soak -- 1000000`."""
    requests, *options = session.posargs or ["1000000"]
    install(session, *PACKAGES, *group("soak"))
    session.env["YAAT_SOAK_REQUESTS"] = requests
    session.run("pytest", "tests/soak", "--capture=no", *options)


@nox.session(python=PYTHONS[0])
def gaps(session: nox.Session) -> None:
    """Run all tests, and fail where one step of an event loop takes more than 100 ms: `nox -s gaps -- yaat-core`."""
    install(session, *EVERYTHING)
    for name in session.posargs or PACKAGES:
        package, env = PACKAGES[name], {"PYTHONPATH": str(ROOT / "tests")}
        # Where nothing needs Hypothesis, it is imported at the very end, and trio's part in it then gives a warning.
        is_needed = any(need.startswith("hypothesis") for need in package.test_requirements)
        options = [] if is_needed else ["-p", "no:hypothesispytest"]
        session.run("pytest", "-p", "soak.gaps", *options, str(package.folder / "tests"), env=env)


@nox.session
def mutation(session: nox.Session) -> None:
    """Change the code bit by bit; a test must fail each time: `nox -s mutation -- headers`. All take half an hour."""
    names = ("yaat-staticfiles", "yaat-websockets")
    needs = {need for name in names for need in PACKAGES[name].test_requirements}
    install(session, *names, *sorted(needs), *group("mutation"))
    session.run("python", "-m", "tests.mutation", f"--folder={session.create_tmp()}", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the packages beside their peers' newest releases."""
    install(session, *PACKAGES)
    session.install("--requirement=benchmarks/peers.txt")
    session.run("python", "benchmarks/run.py", *session.posargs)


@nox.session
def bench_server(session: nox.Session) -> None:
    """Measure the packages and their peers behind uvicorn and granian; it needs wrk."""
    install(session, *PACKAGES)
    session.install("--requirement=benchmarks/peers.txt")
    session.run("python", "benchmarks/server.py", *session.posargs)


@nox.session
def bench_page(session: nox.Session) -> None:
    """Measure requests, servers and start-up, and write the figures into docs/explanation/speed.md; it needs wrk."""
    install(session, *PACKAGES)
    session.install("--requirement=benchmarks/peers.txt")
    folder = Path(session.create_tmp())
    files = []
    for part, script in (("requests", "run"), ("server", "server"), ("startup", "startup")):
        path = folder / f"{part}.json"
        session.run("python", f"benchmarks/{script}.py", f"--json={path}", *session.posargs)
        files.append(f"--{part}={path}")
    session.run("python", "benchmarks/write_page.py", *files)


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
def ten_minutes(session: nox.Session) -> None:
    """Go through somebody's first ten minutes in an environment with nothing but the built wheels."""
    dist = build_all(session, "--wheel")
    wheel = find_wheel(dist, "yaat")
    python = make_environment(session, dist.parent / "ten_minutes", f"--find-links={dist}", wheel)
    session.run(python, "-I", "packages/yaat-cli/tests/ten_minutes.py", external=True)


@nox.session
def release(session: nox.Session) -> None:
    """Prepare a release: ``nox -s release -- yaat-core 0.3.0``; again when it is tagged; alone, list the order."""
    if not session.posargs:
        for name in order_releases():
            released = [*read_releases(name)] or ["never"]
            session.log(f"{name}: last released {released[-1]}; fragments: {len(list_fragments(PACKAGES[name]))}")
        return
    name, version = session.posargs
    if name not in PACKAGES:
        session.error(f"There is no package {name!r}. There are: {', '.join(PACKAGES)}")
    package, tag = PACKAGES[name], f"{name}-{version}"
    commit = session.run("git", "rev-list", "-n1", "--ignore-missing", tag, "--", external=True, silent=True)
    problems = list(find_release_problems(package, version, is_tagged=bool(commit)))
    if problems:
        session.error("\n".join([f"{name} {version} cannot be released.", *problems]).rstrip("."))
    if commit:
        record_release(name, version, str(commit).strip())
        session.log(f"releases.toml has {name} {version} now. Commit it: git commit -am '{name}: record {version}'")
        return
    session.install(*group("release"), CONSTRAINTS)
    settings = package.folder / "pyproject.toml"
    text = settings.read_text()
    settings.write_text(text.replace(f'version = "{package.version}"', f'version = "{version}"', 1))
    session.run("towncrier", "build", f"--config={settings}", f"--version={version}", "--yes")
    session.log(f"Look at the changes. Then: git commit -am '{name}: release {version}' && git tag {tag}")
    session.log(f"Push both, which publishes it, and record it: nox -s release -- {name} {version}")


@nox.session
def release_check(session: nox.Session) -> None:
    """Find out whether a tag can be published, and build it into ``dist/``: ``nox -s release_check -- TAG``."""
    [tag] = session.posargs
    name = next((each for each in PACKAGES if tag == f"{each}-{PACKAGES[each].version}"), None)
    if name is None:
        session.error(f"The tag {tag!r} is that of no package in its version")
    problems = list(find_release_problems(PACKAGES[name], PACKAGES[name].version, is_tagged=True))
    if problems:
        session.error("\n".join([f"{tag} cannot be published.", *problems]).rstrip("."))
    session.install(*group("build"), CONSTRAINTS)
    session.run("python", "-m", "build", "--no-isolation", "--outdir=dist", str(PACKAGES[name].folder))


def order_releases() -> list[str]:
    """Return the packages, each behind those that it requires: they lead to fewer."""
    return sorted(PACKAGES, key=lambda name: (len(split([name])[0]), name))


def list_fragments(package: Package) -> list[Path]:
    """Return the fragments that the next release of a package collects."""
    return sorted(package.folder.glob("changelog.d/*.md"))


def find_release_problems(package: Package, version: str, *, is_tagged: bool) -> Iterator[str]:
    """Yield what keeps a version of a package from being released.

    Args:
        is_tagged: Whether its changelog is written already.
    """
    released = read_releases(package.name)
    if version in released:
        yield f"It is released already, as commit {released[version]}."
    if is_tagged and version != package.version:
        yield f"Its pyproject.toml says {package.version}. Is another commit checked out than the tagged one?"
    if not is_tagged and Version(version) < Version(package.version):
        yield f"Its pyproject.toml says {package.version} already. Versions only grow."
    if not is_tagged and not list_fragments(package):
        yield f"It has no changelog fragments in {package.folder.relative_to(ROOT)}/changelog.d: what is new?"
    for requirement in map(Requirement, package.requirements):
        if requirement.name in PACKAGES and not any(
            map(requirement.specifier.contains, read_releases(requirement.name))
        ):
            yield f"It requires {requirement}, and no such version is released. Release {requirement.name} first."


def record_release(name: str, version: str, commit: str) -> None:
    """Add a line to ``releases.toml``."""
    path = ROOT / "releases.toml"
    text = path.read_text().rstrip("\n")
    line, section = f'"{version}" = "{commit}"', f"[{name}]"
    head, found, rest = text.partition(f"\n{section}\n")
    if found:
        lines, blank, others = rest.partition("\n\n")
        text = f"{head}{found}{lines}\n{line}{blank}{others}"
    else:
        text = f"{text}\n\n{section}\n{line}"
    path.write_text(f"{text}\n")


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
