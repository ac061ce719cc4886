"""Render a template: ``python template/render.py plugin hello`` makes the folder ``yaat-hello``.

It needs the standard library alone. A file that ends in ``.tmpl`` has ``${…}`` filled in and loses that ending; the
folder ``__package__`` gets the name of the import package.
"""

import argparse
import re
import sys
from pathlib import Path
from string import Template

HERE = Path(__file__).parent
#: What there is to render.
KINDS = tuple(sorted(path.name for path in HERE.iterdir() if path.is_dir() and not path.name.startswith(("_", "."))))
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class TemplateError(ValueError):
    """A template cannot be rendered as it was asked for."""


def render(kind: str, name: str, folder: Path) -> list[Path]:
    """Write a template into *folder*, which must be empty or not be there, and return the files.

    Args:
        kind: One of `KINDS`.
        name: What it is to be called: lower-case letters and digits, with single hyphens between.

    Raises:
        TemplateError: The kind is unknown, the name cannot be one, or the folder has something in it.
    """
    if kind not in KINDS:
        raise TemplateError(f"There is no template {kind!r}. There are: {', '.join(KINDS)}.")
    if _NAME.fullmatch(name) is None:
        raise TemplateError(f"{name!r} is no name. Write lower-case letters and digits, with '-' between: my-shop.")
    if folder.exists() and any(folder.iterdir()):
        raise TemplateError(f"{str(folder)!r} is not empty. Name another folder, or empty it.")
    values = make_values(name)
    written = []
    for source in sorted(path for path in (HERE / kind).rglob("*") if path.is_file()):
        if "__pycache__" in source.parts:
            continue
        inner = source.relative_to(HERE / kind).as_posix().replace("__package__", values["package"])
        target = folder / inner.removesuffix(".tmpl")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        filled = Template(text).substitute(values) if inner.endswith(".tmpl") else text
        target.write_text(filled, encoding="utf-8")
        written.append(target)
    return written


def make_values(name: str) -> dict[str, str]:
    """Return what the placeholders of templates stand for."""
    words = name.split("-")
    return {
        "name": name,
        "distribution": f"yaat-{name}",
        "package": f"yaat_{'_'.join(words)}",
        "class_name": "".join(word.capitalize() for word in words) + "Plugin",
        "title": " ".join(words).capitalize(),
    }


def main(arguments: list[str] | None = None) -> str | None:
    """Render what the command line asks for; return what is wrong with it, if anything is."""
    parser = argparse.ArgumentParser(description="Render a template.")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("name", help="of the plugin, such as 'hello'")
    parser.add_argument("folder", nargs="?", type=Path, help="to write it to; yaat-NAME when left out")
    options = parser.parse_args(arguments)
    folder = options.folder or Path(f"yaat-{options.name}")
    try:
        files = render(options.kind, options.name, folder)
    except TemplateError as error:
        return str(error)
    sys.stdout.write(f"{len(files)} files are in {folder}. Begin with its README.md.\n")
    return None


if __name__ == "__main__":
    sys.exit(main())
