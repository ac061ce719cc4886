"""Write `hooks.md`, beside this file, from the specifications of the hooks: ``python docs/plugins/write_hooks.py``.

With ``--check`` it writes nothing, and fails when the page is not what it would write.
"""

import argparse
import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from types import ModuleType

from yaat.plugins.implementation import HookReader, read_specifications
from yaat.plugins.specs import REMOVED_HOOKS, SPECIFICATIONS

ROOT = Path(__file__).parent.parent.parent
PAGE = Path(__file__).with_name("hooks.md")
#: The parts of a docstring that have a heading of their own; the text before them says what and when.
SECTIONS = ("Args", "Returns", "Order", "Example")
#: Called when everything is contributed, though they are specified before.
LATE = ("yaat_modify_routes", "yaat_wrap_endpoint", "yaat_app_built", "yaat_register_commands")
HEAD = """\
# Hooks

<!-- Written by write_hooks.py from the specifications. Change those, then run: nox -s docs_hooks -->

What a plugin can do, hook by hook, in the order in which an app calls them while it is built. None of them runs for a
request. A plugin implements a hook by a method of the same name, marked with `hookimpl`; it takes those of the
arguments that it needs. Records that it gives bear its name as their owner, whatever they say.
"""


@dataclass(frozen=True)
class Hook:
    """One hook.

    Attributes:
        name: Its name.
        origin: The distribution that specifies it.
        signature: As it is written, without `self`.
        text: What it does, and when.
        sections: The parts of its docstring by their heading.
        since: In which version it was added.
    """

    name: str
    origin: str
    signature: str
    text: str
    sections: dict[str, str]
    since: str

    @property
    def summary(self) -> str:
        """The first sentence."""
        return self.text.partition("\n\n")[0].replace("\n", " ")

    @property
    def example(self) -> str:
        """The code of the example."""
        found = re.search(r"```python\n(.*?)```", self.sections["Example"], re.DOTALL)
        return found[1] if found else ""


def list_hooks() -> list[Hook]:
    """Return every hook of the core, in call order, and of the extensions of this repository."""
    hooks = [hook for namespace in SPECIFICATIONS for hook in _read(namespace, "yaat-core")]
    hooks.sort(key=lambda hook: hook.name in LATE)
    for path in sorted(ROOT.glob("packages/*/src/*/hooks.py")):
        module = import_module(f"{path.parent.name}.hooks")
        hooks += [hook for namespace in _list_namespaces(module) for hook in _read(namespace, path.parts[-4])]
    return hooks


def format_page(hooks: list[Hook]) -> str:
    """Return the text of the page."""
    blocks = [HEAD]
    for origin in dict.fromkeys(hook.origin for hook in hooks):
        own = [hook for hook in hooks if hook.origin == origin]
        optional = (
            ""
            if origin == "yaat-core"
            else "\n\nMark them with `hookimpl(optionalhook=True)`: the package may not be there."
        )
        blocks.append(f"## Of {origin}{optional}")
        blocks.append(
            "\n".join(["| hook | what |", "|---|---|", *(f"| [`{h.name}`](#{h.name}) | {h.summary} |" for h in own)])
        )
        blocks += [_format_hook(hook) for hook in own]
    if REMOVED_HOOKS:
        lines = [f"- `{name}`: {text}" for name, text in REMOVED_HOOKS.items()]
        blocks.append("\n".join(["## Removed", "", *lines]))
    return "\n\n".join(block.strip() for block in blocks) + "\n"


def _format_hook(hook: Hook) -> str:
    """Return the part of the page about one hook."""
    blocks = [f"### {hook.name}", f"```python\n{hook.signature}\n```"]
    blocks.append(hook.text)
    blocks += [
        f"**{name}**\n\n{_format_section(name, hook.sections[name])}" for name in SECTIONS if name in hook.sections
    ]
    return "\n\n".join([*blocks, f"{hook.since}"])


def _format_section(name: str, text: str) -> str:
    """Return one part of a docstring in Markdown: arguments become a list."""
    if name != "Args":
        return text
    return re.sub(r"^(\w+): ", r"- `\1`: ", text, flags=re.MULTILINE).replace("\n    ", "\n  ")


def _list_namespaces(module: ModuleType) -> Iterator[type]:
    """Yield the classes of *module* that specify hooks."""
    for value in vars(module).values():
        if inspect.isclass(value) and value.__module__ == module.__name__ and read_specifications(value):
            yield value


def _read(namespace: type, origin: str) -> Iterator[Hook]:
    """Yield the hooks that a class specifies, in the order of its source."""
    reader = HookReader()
    definitions = ast.parse(dedent(inspect.getsource(namespace))).body[0]
    for node in definitions.body if isinstance(definitions, ast.ClassDef) else ():
        if isinstance(node, ast.FunctionDef) and reader.parse_hookspec_opts(namespace, node.name) is not None:
            text, sections, since = _split(inspect.cleandoc(ast.get_docstring(node) or ""))
            yield Hook(node.name, origin, _format_signature(node), text, sections, since)


def _format_signature(node: ast.FunctionDef) -> str:
    """Return the first line of a definition, without `self`."""
    node.args.args = [argument for argument in node.args.args if argument.arg != "self"]
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"def {node.name}({ast.unparse(node.args)}){returns}"


def _split(docstring: str) -> tuple[str, dict[str, str], str]:
    """Return the text of a docstring before its sections, the sections, and the line that says since when it is."""
    body, _, since = docstring.rpartition("\n\n")
    parts = re.split(rf"^({'|'.join(SECTIONS)}):\n", body, flags=re.MULTILINE)
    sections = {name: dedent(text).strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}
    return parts[0].strip(), sections, since


def main() -> str | None:
    """Write the page, or return why it is not current."""
    parser = argparse.ArgumentParser(description="Write the page about hooks.")
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    text = format_page(list_hooks())
    if not options.check:
        PAGE.write_text(text, encoding="utf-8")
        return None
    is_current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
    return None if is_current else f"{PAGE.relative_to(ROOT)} is not current. Run: nox -s docs_hooks"


if __name__ == "__main__":
    sys.exit(main())
