"""This file is the signature of a function, which not every annotation may spoil."""

import inspect
import sys
from collections.abc import Callable
from typing import Any


def read_signature(function: Callable[..., Any], *, follow_wrapped: bool = True) -> inspect.Signature:
    """Return the signature of *function*.

    Since Python 3.14 annotations are evaluated when somebody asks for them (PEP 649). Where one cannot be, as a name
    that is imported for type checkers alone, all are the texts that `from __future__ import annotations` makes of them.

    Args:
        function: It.
        follow_wrapped: Whether what a decorator made with `functools.wraps` takes is what the function inside takes.

    Raises:
        TypeError, ValueError: It does not tell; functions written in C need not.
    """
    if sys.version_info >= (3, 14):
        from annotationlib import Format  # noqa: PLC0415  # It is new in that version.

        try:
            return inspect.signature(function, follow_wrapped=follow_wrapped)
        except Exception:
            return inspect.signature(function, follow_wrapped=follow_wrapped, annotation_format=Format.STRING)
    else:
        return inspect.signature(function, follow_wrapped=follow_wrapped)
