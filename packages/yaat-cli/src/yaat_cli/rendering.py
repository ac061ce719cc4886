"""This file is rendering a template: a folder whose files become those of a project.

A file that ends in `.tmpl` has its `${…}` filled in and loses that ending; `__package__` in a path becomes the name of
the import package.
"""

import re
from pathlib import Path
from string import Template

from .errors import CommandFailed

_HERE = Path(__file__).parent
#: What `yaat new` renders.
STARTER = _HERE / "starter"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")


def find_plugin_template() -> Path:
    """Return the folder of the template of a plugin: the wheel has it here, the repository at its root."""
    shipped = _HERE / "template" / "plugin"
    return shipped if shipped.is_dir() else _HERE.parents[3] / "template" / "plugin"


def render(template: Path, name: str, folder: Path) -> list[Path]:
    """Write a template into *folder* and return the files.

    Args:
        template: The folder with the template.
        name: What it is to be called.
        folder: Must be empty, or not be there.

    Raises:
        CommandFailed: The name cannot be one, or the folder has something in it or cannot be written to.
    """
    values = make_values(name)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandFailed(f"{str(folder)!r} is there already.", "Choose another name, or empty that folder.")
        return _write_files(template, values, folder)
    except OSError as error:
        what = f"{str(folder)!r} cannot be made: {error.strerror} ({error.filename})."
        raise CommandFailed(what, "Choose a folder that you may write to.") from error


def _write_files(template: Path, values: dict[str, str], folder: Path) -> list[Path]:
    """Write the files of a template with its *values* filled in, and return them."""
    written = []
    for source in sorted(path for path in template.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        inner = source.relative_to(template).as_posix().replace("__package__", values["package"])
        target = folder / inner.removesuffix(".tmpl")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        target.write_text(Template(text).substitute(values) if inner.endswith(".tmpl") else text, encoding="utf-8")
        written.append(target)
    return written


def make_values(name: str) -> dict[str, str]:
    """Return what the placeholders stand for.

    Raises:
        CommandFailed: *name* cannot be a name.
    """
    if _NAME.fullmatch(name) is None:
        cleaned = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")
        hint = f"Try {cleaned!r}." if cleaned else "Try 'my-shop'."
        raise CommandFailed(f"{name!r} is no name for a project: lower-case letters, digits and '-' make one.", hint)
    name = name.replace("_", "-")
    words = name.split("-")
    return {
        "name": name,
        "distribution": f"yaat-{name}",
        "package": f"yaat_{'_'.join(words)}",
        "class_name": "".join(word.capitalize() for word in words) + "Plugin",
        "title": " ".join(words).capitalize(),
    }
