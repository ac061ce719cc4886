"""This file reads what mutmut left behind: which mutants there are, what each changes, and what became of it."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

#: What pytest and the system say of a failed test, and of one that took too long or too much memory.
KILLED = {1, 24, -24, 36, 152}
#: All tests passed, or none reaches the function.
SURVIVED = {0, 5, 33}


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One change of one function."""

    #: What mutmut calls it.
    key: str
    module: str
    function: str
    #: The lines that it changes, as one, before and after.
    line: str
    mutant: str
    is_killed: bool


def read_mutants(folder: Path) -> Iterator[Mutant]:
    """Yield the mutants below *folder*, in which mutmut ran.

    Raises:
        ValueError: mutmut did not come to its end.
    """
    source = folder / "mutants" / "src"
    for path in sorted(source.rglob("*.meta")):
        codes: dict[str, int | None] = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
        functions = _read_functions(path.with_suffix("")) if codes else {}
        for key, code in codes.items():
            if code not in {*KILLED, *SURVIVED}:
                raise ValueError(f"{key} was not tried, but ended with {code}; see {folder / 'mutmut.log'}")
            module, _, name = key.rpartition(".")
            original = name.rpartition("__mutmut_")[0]
            line, mutant = _compare(functions[f"{original}__mutmut_orig"], functions[name])
            # mutmut writes `x_name` for a function and `xǁClassǁname` for a method.
            function = original.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
            yield Mutant(key=key, module=module, function=function, line=line, mutant=mutant, is_killed=code in KILLED)


def _read_functions(path: Path) -> dict[str, list[str]]:
    """Return the lines of each function and method of a file, without its first one, which has the name."""
    text = path.read_text("utf-8")
    lines = text.splitlines()
    body = ast.parse(text).body
    nodes = [*body, *(child for node in body if isinstance(node, ast.ClassDef) for child in node.body)]
    return {
        node.name: [lines[node.lineno - 1].partition("(")[2], *lines[node.lineno : node.end_lineno]]
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _compare(before: list[str], after: list[str]) -> tuple[str, str]:
    """Return the lines that differ, those of each side as one."""
    codes = [code for code in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if code[0] != "equal"]
    first, last = codes[0], codes[-1]
    return squeeze("\n".join(before[first[1] : last[2]])), squeeze("\n".join(after[first[3] : last[4]]))


def squeeze(text: str) -> str:
    """Return *text* with each run of white space as one space."""
    return " ".join(text.split())
