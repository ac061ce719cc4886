"""Write `settings.md`, beside this file, from the docstrings of the plugins.

Run it with ``python docs/reference/write_settings.py``. With ``--check`` it writes nothing, and fails when the page is
not what it would write.
"""

import argparse
import inspect
import re
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from yaat import Yaat

PAGE = Path(__file__).with_name("settings.md")
#: In a docstring: the meaning is told by another class, that of the last "As for".
ELSEWHERE = re.compile(r"As for `(\w+)`")
HEAD = """\
# Settings

<!-- Written by write_settings.py from the docstrings. Change those, then run: nox -s docs -->

## Of the app

The arguments of `Yaat(…)`.
"""
PLUGINS = """\
## Of plugins

Settings of a plugin are the arguments of its class. Give them by its name,
`Yaat(settings={"openapi": {"title": "Shop"}})`, or give an instance, `Yaat(plugins=[OpenAPIPlugin(title="Shop")])`.
"""
TAIL = """\
## Of the environment

| variable | means |
|---|---|
| `YAAT_AUTOLOAD` | `0`: installed plugins do not join by themselves |
| `YAAT_BLOCK` | names of plugins to leave out, with commas between |
| `YAAT_APP` | which app the command `yaat` is about, such as `shop.web:app` |
| `PORT` | where `yaat run` serves |

## Of the project

```toml
--8<-- "tutorial/step09/pyproject.toml:10:11"
```

in `pyproject.toml` says which app the command `yaat` is about.
"""


def find_plugins() -> dict[str, type]:
    """Return the plugin classes of this repository, by name."""
    own = [each for each in entry_points(group="yaat") if each.value.startswith("yaat_")]
    return {each.name: each.load() for each in sorted(own, key=lambda each: each.name)}


def describe_settings(kind: type) -> dict[str, tuple[str, str]]:
    """Return the default and the meaning of each argument of *kind*.

    Raises:
        ValueError: An argument is not described.
    """
    described = read_descriptions(kind)
    found = {}
    for name, parameter in inspect.signature(kind).parameters.items():
        if name not in described:
            raise ValueError(f"The docstring of {kind.__module__}.{kind.__name__} does not describe {name!r}.")
        default = "" if parameter.default is parameter.empty else f"`{format_default(parameter.default)}`"
        found[name] = (default, described[name])
    return found


def read_descriptions(kind: type) -> dict[str, str]:
    """Return what the docstring of *kind* says of each argument; what it leaves to another class, from there."""
    section = re.search(r"^(?:Args|Attributes):\n((?:    .*\n|\n)+)", f"{inspect.getdoc(kind)}\n", re.MULTILINE)
    pairs = re.findall(r"^    ([\w, ]+): (.*(?:\n {5,}.*)*)", section[1] if section else "", re.MULTILINE)
    found: dict[str, str] = {}
    other: dict[str, str] = {}
    for names, text in pairs:
        meaning = " ".join(text.split())
        elsewhere = ELSEWHERE.match(meaning)
        if elsewhere:
            other = read_descriptions(find_class(elsewhere[1], kind.__module__))
        for name in names.split(", "):
            found[name] = other.get(name, meaning) if elsewhere or meaning == "See there." else meaning
    return found


def find_class(name: str, module: str) -> type:
    """Return the class called *name* in a module, or among what the package of that module offers."""
    places = (sys.modules[module], sys.modules[module.partition(".")[0]])
    found: type = next(getattr(each, name) for each in places if hasattr(each, name))
    return found


def format_default(value: Any) -> str:
    """Return *value* as one would write it."""
    return f"{value:_}" if type(value) is int else repr(value)


def format_table(kind: type) -> str:
    """Return the settings of *kind* in Markdown."""
    settings = describe_settings(kind)
    if not settings:
        return "It has none."
    cells = [(f"`{name}`", default, meaning) for name, (default, meaning) in settings.items()]
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells]
    return "\n".join(["| name | unless given | means |", "|---|---|---|", *lines])


def format_page() -> str:
    """Return the text of the page."""
    blocks = [HEAD, format_table(Yaat), PLUGINS]
    for name, kind in find_plugins().items():
        summary = (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " ")
        blocks += [
            f"### {name}",
            f"`{kind.__module__.partition('.')[0]}.{kind.__name__}`: {summary}",
            format_table(kind),
        ]
    return "\n\n".join(block.strip() for block in [*blocks, TAIL]) + "\n"


def main() -> int:
    """Write the page, or check it; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    is_check = parser.parse_args().check
    text = format_page()
    if is_check:
        return int(text != PAGE.read_text())
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
