"""This file is where the app is: named on the command line, in `pyproject.toml`, or in a file of a usual name."""

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import CommandFailed, suggest

#: What names the app when no option does; `yaat dev` and `yaat run` tell their servers by it.
VARIABLE = "YAAT_APP"
#: Where an app usually is, best first.
PLACES = ("app.py", "main.py", "src/app.py", "src/main.py", "src/*/app.py", "src/*/main.py", "*/app.py", "*/main.py")
#: Folders that hold apps of somebody else, or none.
_PASSED_OVER = {"build", "dist", "docs", "examples", "node_modules", "site-packages", "src", "test", "tests", "venv"}
_TARGET = re.compile(r"(?P<module>[\w.]+)(?::(?P<attribute>[\w.]+)(?P<call>\(\))?)?")


class NoApp(CommandFailed):
    """Nothing names an app, and none is in a usual place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An app that can be imported.

    Attributes:
        folder: Of the project.
        module: Its dotted name.
        attribute: Of the module; empty when the module is to be searched.
        is_factory: Whether the attribute is called for the app.
        reason: How it was found, such as `--app`.
    """

    folder: Path
    module: str
    attribute: str = ""
    is_factory: bool = False
    reason: str = ""

    @property
    def import_folder(self) -> Path:
        """What goes to the front of `sys.path`."""
        first = self.module.partition(".")[0]
        source = self.folder / "src"
        return source if (source / first).is_dir() or (source / f"{first}.py").is_file() else self.folder

    def __str__(self) -> str:
        attribute = f":{self.attribute}" if self.attribute else ""
        return f"{self.module}{attribute}{'()' if self.is_factory else ''}"


def find_target(option: str | None = None, folder: Path | None = None) -> Target:
    """Return where the app is.

    Args:
        option: `module:attribute`, `module`, `module:factory()`, or the path of a file.
        folder: Of the project; the working folder when left out.

    Raises:
        NoApp: There is none.
        CommandFailed: There are several, or what names it cannot be read.
    """
    folder = (folder or Path.cwd()).resolve()
    named = option or os.environ.get(VARIABLE)
    if named:
        return parse_target(named, folder, "--app" if option else VARIABLE)
    written = read_settings(folder).get("app")
    if written is not None:
        if not isinstance(written, str):
            raise CommandFailed(f"[tool.yaat] app is {written!r} in pyproject.toml.", 'Write app = "shop.app:app".')
        return parse_target(written, folder, "pyproject.toml")
    for place in PLACES:
        files = list(_list_files(folder, place))
        if len(files) > 1:
            names = ", ".join(_name_module(file, folder) for file in files)
            fix = f'Name one with --app {_name_module(files[0], folder)}, or by app = "…" in [tool.yaat].'
            raise CommandFailed(f"There are several apps in {folder}: {names}.", fix)
        if files:
            return Target(folder=folder, module=_name_module(files[0], folder), reason=place)
    fix = "Go to the folder of the project, name it with --app shop.web:app, or begin one with: yaat new shop"
    raise NoApp(f"There is no app in {folder}: no app.py, no main.py, none in a package.", fix)


def parse_target(text: str, folder: Path, reason: str) -> Target:
    """Return the target that *text* names.

    Raises:
        CommandFailed: It cannot be one, or its module is not there.
    """
    path, _, attribute = text.partition(":")
    if path.endswith(".py"):
        text = _name_file(path, folder, reason) + (f":{attribute}" if attribute else "")
    match = _TARGET.fullmatch(text)
    if match is None:
        raise CommandFailed(f"{reason} names {text!r}, which is no app.", "Write module:name, such as shop.app:app.")
    return Target(
        folder=folder,
        module=match["module"],
        attribute=match["attribute"] or "",
        is_factory=match["call"] is not None,
        reason=reason,
    )


def read_settings(folder: Path) -> dict[str, Any]:
    """Return `[tool.yaat]` of the project; empty when there is none.

    Raises:
        CommandFailed: `pyproject.toml` cannot be read.
    """
    try:
        text = (folder / "pyproject.toml").read_text(encoding="utf-8")
        settings = tomllib.loads(text).get("tool", {}).get("yaat", {})
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CommandFailed(f"{folder / 'pyproject.toml'} cannot be read: {error}.", "Mend it there.") from error
    return settings if isinstance(settings, dict) else {}


def list_modules(folder: Path) -> list[str]:
    """Return the modules in which an app of the project could be."""
    files = [file for pattern in ("*.py", "*/*.py", "src/*.py", "src/*/*.py") for file in _list_files(folder, pattern)]
    return list(dict.fromkeys(_name_module(file, folder) for file in files))


def _list_files(folder: Path, pattern: str) -> Iterator[Path]:
    """Yield the files of the project that match *pattern*."""
    for file in sorted(folder.glob(pattern)):
        inner = file.relative_to(folder).parts[:-1]
        inner = inner[1:] if inner[:1] == ("src",) else inner
        # A folder that no import statement can name is no package, but a project of its own.
        is_importable = all(part.isidentifier() for part in (*inner, file.stem))
        is_own = not any(part in _PASSED_OVER or part.startswith("_") for part in inner)
        if file.is_file() and is_importable and is_own:
            yield file


def _name_file(path: str, folder: Path, reason: str) -> str:
    """Return what the file that *path* names is imported by.

    Raises:
        CommandFailed: There is no such file, or it cannot be imported from *folder*.
    """
    file = folder / path
    if not file.is_file():
        raise CommandFailed(f"{reason} names {path!r}, and there is no such file.", _suggest_module(path, folder))
    # A link in the project may lead out of it, and a link to the project into it.
    ways = (file.parent.resolve() / file.name, file)
    for name in (_name_module(each, folder) for each in ways if each.is_relative_to(folder)):
        if all(part.isidentifier() for part in name.split(".")):
            return name
    fix = f"Go to the folder of its project first, such as: cd {ways[0].parent}"
    if not file.stem.isidentifier():
        fix = "Rename it: no import statement can have that name."
    raise CommandFailed(f"{reason} names {path!r}, which cannot be imported from {folder}.", fix)


def _name_module(file: Path, folder: Path) -> str:
    """Return what *file*, which is in *folder*, is imported by."""
    parts = file.relative_to(folder).with_suffix("").parts
    parts = parts[1:] if parts[0] == "src" and len(parts) > 1 else parts
    return ".".join(parts).removesuffix(".__init__")


def _suggest_module(path: str, folder: Path) -> str:
    """Return what could have been meant by the path of a file."""
    return suggest(path.removesuffix(".py").replace("/", "."), list_modules(folder), label="The modules here")
