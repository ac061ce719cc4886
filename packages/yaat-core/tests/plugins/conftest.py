"""A folder of installed distributions, and plugins made on the spot."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import pytest

from yaat.plugins import PluginErrors, PluginManager, PluginOptions
from yaat.plugins.loading import load_plugins


class Site:
    """A folder that distributions are installed in, as an installer leaves them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def install(
        self,
        name: str,
        *,
        version: str = "1.0",
        plugins: Mapping[str, str] | None = None,
        requires: Sequence[str] = (),
        modules: Mapping[str, str] | None = None,
    ) -> None:
        """Install a distribution.

        Args:
            plugins: Its entry points in the group `yaat`.
            modules: Source code by the name of the file.
        """
        info = self.path / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        lines += [f"Requires-Dist: {requirement}" for requirement in requires]
        (info / "METADATA").write_text("\n".join(lines) + "\n")
        if plugins is not None:
            entries = "\n".join(f"{key} = {value}" for key, value in plugins.items())
            (info / "entry_points.txt").write_text(f"[console_scripts]\nx = y:z\n\n[yaat]\n{entries}\n")
        for file, source in (modules or {}).items():
            (self.path / file).parent.mkdir(parents=True, exist_ok=True)
            (self.path / file).write_text(dedent(source))

    def install_plugin(self, name: str, body: str = "pass", **options: Any) -> None:
        """Install the distribution `yaat-NAME` with one plugin class, which has *body*."""
        module = f"site_{name}"
        source = f"from yaat.plugins import Plugin, hookimpl\n\n\nclass P(Plugin):\n    name = {name!r}\n"
        source += "".join(f"    {line}\n" for line in dedent(body).strip().splitlines())
        self.install(f"yaat-{name}", plugins={name: f"{module}:P"}, modules={f"{module}.py": source}, **options)

    def load(self, environment: Mapping[str, str] | None = None, **options: Any) -> PluginManager:
        """Load plugins with what is installed here, and nothing else."""
        return load_plugins(PluginOptions(**options), environment=environment or {}, path=[str(self.path)])

    def fail(self, environment: Mapping[str, str] | None = None, **options: Any) -> list[str]:
        """Load plugins, which must fail, and return the messages."""
        with pytest.raises(PluginErrors) as caught:
            self.load(environment, **options)
        return [str(error) for error in caught.value.errors]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An empty folder for distributions, on the path of imports as long as the test runs."""
    monkeypatch.syspath_prepend(str(tmp_path))
    known = set(sys.modules)
    yield Site(tmp_path)
    for name in set(sys.modules) - known:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.fixture
def load() -> Callable[..., PluginManager]:
    """Load the given plugin objects and nothing that is installed."""
    return lambda *plugins, **options: load_plugins(
        PluginOptions(plugins=plugins, autoload=False, **options), environment={}
    )


@pytest.fixture
def app() -> SimpleNamespace:
    """What hooks are given for an app in tests of the plugins alone."""
    return SimpleNamespace(extensions={})
