"""This file is what speaks against a type: why no value of it can be read from JSON, or written as it."""

from typing import Any

import msgspec

#: Where the types that a type is made of stand.
_PARTS = ("type", "types", "item_type", "item_types", "key_type", "value_type", "fields")

#: Steps that lead into a type, from its outside: the names of fields.
Steps = tuple[str, ...]


def find_objection(annotation: Any) -> str:
    """Return what speaks against a type, as a sentence of its own; nothing where msgspec only does not know it."""
    try:
        msgspec.json.Decoder(annotation)  # It finds out more than the next line.
        found = find_foreign(msgspec.inspect.type_info(annotation))
    except NameError as error:
        return (
            f" One of its fields names what its module does not have: {error}. Define or import that at the top level, "
            "outside of functions and of 'if TYPE_CHECKING'."
        )
    except Exception as error:  # Whatever an annotation raises that is none.
        return f" {error}."
    if found is None or found[1] is annotation:
        return ""
    steps, kind = found
    where = f"Its field {'.'.join(steps)!r}" if steps else "It"
    return f" {where} holds {getattr(kind, '__qualname__', kind)}, which has no form in JSON."


def find_foreign(seen: Any) -> tuple[Steps, Any] | None:
    """Return a class in a type that msgspec knows nothing of, with the steps that lead there, or `None`."""
    return _find_foreign(seen, (), [])


def _find_foreign(seen: Any, steps: Steps, inside: list[Any]) -> tuple[Steps, Any] | None:
    """Return the same below *steps*, but not in what is *inside* already: a type may hold itself."""
    if any(seen is each for each in inside):
        return None
    if isinstance(seen, msgspec.inspect.CustomType):
        return steps, seen.cls
    inside.append(seen)
    if isinstance(seen, msgspec.inspect.Field):
        steps = (*steps, seen.encode_name)
    parts = seen if isinstance(seen, tuple) else [getattr(seen, name) for name in _PARTS if hasattr(seen, name)]
    return next((found for part in parts if (found := _find_foreign(part, steps, inside)) is not None), None)
