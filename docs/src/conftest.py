"""What the tests of samples share: a sample is started as by its reader, in its own folder."""

import runpy
import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent
RAN = pytest.StashKey[set[Path]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RAN] = set()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say how many samples ran."""
    terminalreporter.write_line(f"{len(config.stash[RAN])} samples ran")


@pytest.fixture
def load(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], ModuleType]]:
    """Return a function that imports a sample, by its path beside the test."""

    def load_sample(name: str) -> ModuleType:
        path = request.path.parent / name
        monkeypatch.chdir(path.parent)
        monkeypatch.syspath_prepend(str(path.parent))
        spec = spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[path.stem] = module = module_from_spec(spec)
        request.config.stash[RAN].add(path)
        spec.loader.exec_module(module)
        return module

    before = dict(sys.modules)
    yield load_sample
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        is_sample = file is not None and Path(file).is_relative_to(HERE)
        if is_sample and before.get(name) is not module:
            del sys.modules[name]
            if name in before:
                sys.modules[name] = before[name]


@pytest.fixture
def run(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[[str], str]:
    """Return a function that runs a sample as a program, and gives what it prints."""

    def run_sample(name: str) -> str:
        path = request.path.parent / name
        monkeypatch.chdir(path.parent)
        capsys.readouterr()
        runpy.run_path(str(path), run_name="__main__")
        request.config.stash[RAN].add(path)
        return capsys.readouterr().out

    return run_sample


# The tests that readers write are samples themselves, and run from their own folder.
collect_ignore_glob = ["*/step*/tests", "*/suite"]
