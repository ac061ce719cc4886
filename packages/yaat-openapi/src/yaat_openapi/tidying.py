"""This file is what is tidied in a document, whoever has made its schemas: gaps are closed, what nobody needs goes."""

from collections.abc import Collection, Mapping
from inspect import cleandoc
from typing import Any

PREFIX = "#/components/schemas/"

#: Where schemas are in a schema: one, several in a list, or several by name (JSON Schema 2020-12, Core §10.2–10.3).
_ONE = ("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "dependentSchemas", "$defs")
#: Python's types by what JSON Schema calls them.
_TYPES: Mapping[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def tidy(schema: Any) -> Any:
    """Return *schema* with the type of what it enumerates, its docstring without indentation, and no empty lists.

    Pages and generators of clients look at `type` first, and take what has none for anything.
    """
    if not isinstance(schema, dict):
        return schema
    tidied = {key: _tidy_part(key, part) for key, part in schema.items() if (key, part) != ("required", [])}
    kinds = {type(each) for each in schema.get("enum", ())}
    if len(kinds) == 1 and kinds <= _TYPES.keys() and "type" not in schema:
        tidied["type"] = _TYPES[kinds.pop()]
    if isinstance(schema.get("description"), str):
        tidied["description"] = cleandoc(schema["description"])
    return tidied


def _tidy_part(key: str, part: Any) -> Any:
    """Return what stands under one key of a schema, with the schemas in it tidied."""
    if key in _ONE:
        return tidy(part)
    if key in _LISTS and isinstance(part, list):
        return [tidy(each) for each in part]
    if key in _NAMED and isinstance(part, dict):
        return {name: tidy(each) for name, each in part.items()}
    return part


def prune(document: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return *document* without those components of *names* that nothing in it leads to."""
    schemas: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
    rest = {**document, "components": {**document.get("components", {}), "schemas": {}}}
    pending = [rest, *(schema for name, schema in schemas.items() if name not in names)]
    needed: set[str] = set()
    while pending:
        found = _find_named(pending.pop()) - needed
        needed |= found
        pending += [schemas[name] for name in found if name in schemas]
    kept = {name: schema for name, schema in schemas.items() if name in needed or name not in names}
    if len(kept) == len(schemas):
        return document
    components = {**document["components"], "schemas": kept}
    if not kept:
        del components["schemas"]
    pruned = {**document, "components": components}
    if not components:
        del pruned["components"]
    return pruned


def _find_named(document: Any) -> set[str]:
    """Return the components that a document, or a part of one, names: in references, or in any other text."""
    found: set[str] = set()
    pending = [document]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            if value.startswith(PREFIX):
                found.add(value.removeprefix(PREFIX))
        elif isinstance(value, Mapping):
            pending += value.values()
        elif isinstance(value, list | tuple):
            pending += value
    return found
