"""What schemathesis leaves out, and why; it reads this file by `SCHEMATHESIS_HOOKS`."""

from typing import Any

import schemathesis


@schemathesis.hook
def filter_body(context: Any, body: Any) -> bool:
    """Leave out whole numbers that are written as `1.0`: JSON Schema takes them for whole, and msgspec does not."""
    return not holds_whole_float(body)


def holds_whole_float(value: Any) -> bool:
    """Return whether there is a number like that in *value*."""
    if isinstance(value, dict):
        return any(map(holds_whole_float, value.values()))
    if isinstance(value, list):
        return any(map(holds_whole_float, value))
    return isinstance(value, float) and value.is_integer()
