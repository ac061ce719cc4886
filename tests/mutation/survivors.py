"""This file reads why mutants may survive: `survivors.toml`."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .mutants import Mutant, squeeze

FILE = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True, kw_only=True)
class Survivor:
    """Mutants of one line that no test could tell from the original, and the reason."""

    #: With its module, and its class if it has one.
    function: str
    line: str
    mutants: tuple[str, ...]
    reason: str

    def explains(self, mutant: Mutant) -> bool:
        """Whether this is what it means."""
        place = f"{mutant.module}.{mutant.function}"
        return place == self.function and mutant.line == self.line and mutant.mutant in self.mutants


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A way of changing a line that makes no difference anywhere, and the reason."""

    #: What is found in `line → mutant`.
    change: re.Pattern[str]
    reason: str

    def explains(self, mutant: Mutant) -> bool:
        """Whether this is what it means."""
        return self.change.search(f"{mutant.line} → {mutant.mutant}") is not None


def read_explanations(path: Path = FILE) -> list[Survivor | Kind]:
    """Return all there are."""
    tables = tomllib.loads(path.read_text("utf-8"))
    kinds = [Kind(change=re.compile(each["change"]), reason=each["reason"]) for each in tables.get("kind", ())]
    survivors = [
        Survivor(
            function=each["function"],
            line=squeeze(each["line"]),
            mutants=tuple(map(squeeze, each["mutants"])),
            reason=each["reason"],
        )
        for each in tables.get("survivor", ())
    ]
    return [*kinds, *survivors]


def find_stale(root: Path, explanations: list[Survivor | Kind]) -> Iterator[str]:
    """Yield what is wrong with explanations of lines that the sources below *root* no longer have."""
    for each in explanations:
        if isinstance(each, Survivor):
            function = _find_function(root, each.function)
            if function is None:
                yield f"There is no function {each.function}"
            elif each.line not in function:
                yield f"{each.function} has no line {each.line!r}"


def _find_function(root: Path, name: str) -> str | None:
    """Return the source code of a function, squeezed, or `None` if there is none."""
    parts = name.split(".")
    for count in range(1, len(parts)):
        for path in root.glob(f"packages/*/src/{'/'.join(parts[:count])}.py"):
            text = path.read_text("utf-8")
            node: ast.AST | None = ast.parse(text)
            for part in parts[count:]:
                named = [child for child in getattr(node, "body", ()) if getattr(child, "name", "") == part]
                node = named[-1] if named else None  # Overloads come before it.
            if node is not None:
                return squeeze(ast.get_source_segment(text, node) or "")
    return None
