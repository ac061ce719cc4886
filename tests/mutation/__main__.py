"""This file is mutation testing: `python -m tests.mutation` changes code bit by bit, and each time a test must fail.

mutmut makes the changes, in a copy of each package. What survives is listed, unless `survivors.toml` explains it.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from .mutants import Mutant, read_mutants
from .survivors import Kind, Survivor, find_stale, read_explanations
from .undecorate import undecorate

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
#: A mutant that never stops collecting ends here, and not at the end of the machine's memory.
MAX_BYTES = 4 * 2**30


@dataclass(frozen=True, kw_only=True)
class Target:
    """Modules that the same tests are about."""

    name: str
    package: str
    modules: list[str]
    tests: list[str]
    without: list[str] = field(default_factory=list)
    at_import: list[str] = field(default_factory=list)

    @property
    def options(self) -> list[str]:
        """What pytest is told."""
        deselected = [f"--deselect=tests/{name}" for name in self.without]
        return ["-p", "no:cacheprovider", "-p", "mutation_profile", *deselected]

    @property
    def paths(self) -> list[str]:
        """The tests, from the folder of the package."""
        return [f"tests/{path}" for path in self.tests]


def main() -> int:
    """Do what the command line says, and return 1 if a mutant survived that nobody explained."""
    targets = {
        name: Target(name=name, **row) for name, row in tomllib.loads((HERE / "targets.toml").read_text()).items()
    }
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"Any of {', '.join(targets)}; all when left out.")
    parser.add_argument("--folder", type=Path, required=True, help="Where the copies and the results will be.")
    arguments = parser.parse_args()
    unknown = set(arguments.targets) - set(targets)
    if unknown:
        parser.error(f"There is no target {', '.join(sorted(unknown))}. There are: {', '.join(targets)}")
    explanations = read_explanations()
    mutants: list[Mutant] = []
    for name in arguments.targets or targets:
        mutants += try_target(targets[name], arguments.folder.absolute() / name)
    left = report(mutants, explanations)
    stale = list(find_stale(ROOT, explanations))
    print(*stale, sep="\n")
    return 1 if left or stale else 0


def try_target(target: Target, folder: Path) -> Iterator[Mutant]:
    """Yield all mutants of a target, tried in *folder*."""
    print(f"{target.name}: ", end="", flush=True)
    start = time.monotonic()
    prepare(target, folder)
    run(folder)
    for mutant in read_mutants(folder):
        is_missed = not mutant.is_killed and f"{mutant.module}.{mutant.function}" in target.at_import
        yield replace(mutant, is_killed=not passes(target, folder, mutant)) if is_missed else mutant
    print(f"{time.monotonic() - start:.0f} seconds")


def prepare(target: Target, folder: Path) -> None:
    """Fill *folder* with a copy of the package, ready for mutmut."""
    shutil.rmtree(folder, ignore_errors=True)
    package = ROOT / "packages" / target.package
    for part in ("src", "tests"):
        shutil.copytree(package / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    [source] = (path.parent for path in folder.glob("src/*/py.typed"))
    modules = [path for pattern in target.modules for path in sorted(source.glob(pattern))]
    for path in modules:
        path.write_text(undecorate(path.read_text("utf-8")), "utf-8")
    pytest = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    mutmut = {
        "source_paths": ["src/"],
        "only_mutate": [str(path.relative_to(folder)) for path in modules],
        "pytest_add_cli_args_test_selection": target.paths,
        "pytest_add_cli_args": target.options,
        # A mutant must not find caches that tests have filled before it.
        "process_isolation": "forkserver",
        # Nothing is kept from one run to the next.
        "track_dependencies": False,
        "use_git_change_detection": False,
    }
    (folder / "pyproject.toml").write_text(format_table("pytest", pytest) + format_table("mutmut", mutmut), "utf-8")


def format_table(name: str, values: dict[str, object]) -> str:
    """Return settings as TOML, which writes texts, numbers and lists of them just as JSON does."""
    return f"[tool.{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items()) + "\n"


def run(folder: Path) -> None:
    """Let mutmut try each mutant, one at a time.

    Raises:
        SystemExit: It could not, for example because a test fails before anything is changed.
    """
    command = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children=1"]
    resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    with (folder / "mutmut.log").open("wb") as log:
        done = subprocess.run(command, cwd=folder, env=make_environment(), stdout=log, stderr=log, check=False)
    if done.returncode:
        sys.exit(f"mutmut failed:\n{(folder / 'mutmut.log').read_text('utf-8')[-10_000:]}")


def passes(target: Target, folder: Path, mutant: Mutant) -> bool:
    """Return whether the tests pass in a process in which nothing but *mutant* has ever been."""
    command = [sys.executable, "-m", "pytest", "-x", *target.options, *target.paths]
    env = make_environment(str(folder / "mutants" / "src")) | {"MUTANT_UNDER_TEST": mutant.key}
    done = subprocess.run(command, cwd=folder / "mutants", env=env, stdout=subprocess.DEVNULL, check=False)
    return done.returncode == 0


def make_environment(*path: str) -> dict[str, str]:
    """Return the variables for a process that imports from *path* first."""
    others = filter(None, [os.environ.get("PYTHONPATH")])
    joined = os.pathsep.join([*path, str(HERE), *others])
    return {**os.environ, "PYTHONPATH": joined, "PYTHONDONTWRITEBYTECODE": "1"}


def report(mutants: Iterable[Mutant], explanations: list[Survivor | Kind]) -> list[Mutant]:
    """Print the score of each module and of all, and the survivors that nobody explained, which are returned."""
    total: Counter[str] = Counter()
    killed: Counter[str] = Counter()
    explained: Counter[str] = Counter()
    left: list[Mutant] = []
    for mutant in mutants:
        total[mutant.module] += 1
        if mutant.is_killed:
            killed[mutant.module] += 1
        elif any(each.explains(mutant) for each in explanations):
            explained[mutant.module] += 1
        else:
            left.append(mutant)
    print(f"\n{'module':40}{'mutants':>8}{'killed':>8}{'explained':>11}{'left':>6}{'score':>8}")
    for name in [*total, "all"]:
        of_all = [count.total() if name == "all" else count[name] for count in (total, killed, explained)]
        score = f"{100 * of_all[1] / of_all[0]:.1f} %" if of_all[0] else "–"
        print(f"{name:40}{of_all[0]:8}{of_all[1]:8}{of_all[2]:11}{of_all[0] - of_all[1] - of_all[2]:6}{score:>8}")
    for mutant in left:
        print(f"\n{mutant.module}.{mutant.function}\n  - {mutant.line}\n  + {mutant.mutant}")
    return left


sys.exit(main())
