"""This file is JSON schemas of types, for documents: msgspec's own."""

from collections.abc import Sequence
from typing import Any

import msgspec


def make_schemas(
    kinds: Sequence[Any], ref_template: str = "#/components/schemas/{name}"
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return a JSON schema (2020-12) for each of *kinds*, and the components that they refer to, by name.

    Types of one name get longer names, so give all types of one document at once. What msgspec has no schema for may be
    anything.

    Args:
        kinds: Types, with their constraints.
        ref_template: How one refers to a component.
    """
    known = [kind for kind in kinds if _is_known(kind)]
    schemas, components = msgspec.json.schema_components(known, ref_template=ref_template)
    ready = iter(schemas)
    found: list[dict[str, Any]] = [next(ready) if _is_known(kind) else {} for kind in kinds]
    return found, components


def _is_known(kind: Any) -> bool:
    """Return whether msgspec has a schema for a type."""
    try:
        msgspec.json.schema(kind)
    except Exception:  # Whatever an annotation raises that is none.
        return False
    return True
