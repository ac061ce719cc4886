"""This file rewrites decorators as calls, because mutmut leaves functions that have one alone."""

import ast
from collections.abc import Iterator

#: mutmut knows these two, and an overload has nothing to change.
KEPT = {"classmethod", "overload", "staticmethod"}


def undecorate(source: str) -> str:
    """Return *source* with `f = decorator(f)` below each function instead of `@decorator` above it.

    Of functions in a module and of methods in a class; the meaning is the same.
    """
    lines = source.splitlines()
    # From the end, so that the numbers of the lines above stay true.
    for function in sorted(_find_decorated(ast.parse(source)), key=lambda each: each.lineno, reverse=True):
        call = function.name
        for decorator in reversed(function.decorator_list):
            call = f"({ast.unparse(decorator)})({call})"
        assert function.end_lineno is not None  # ast.parse always says so.
        lines.insert(function.end_lineno, f"{' ' * function.col_offset}{function.name} = {call}")
        del lines[function.decorator_list[0].lineno - 1 : function.lineno - 1]
    return "\n".join(lines) + "\n"


def _find_decorated(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions whose decorators are in the way."""
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    for node in (node for body in bodies for node in body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list:
            names = {ast.unparse(decorator) for decorator in node.decorator_list}
            # A setter needs the property that its decorator names, which has its own name.
            if not names & KEPT and not any(name.startswith(f"{node.name}.") for name in names):
                yield node
