"""This file is the schemas of one document: those that have a name, and those that stand in place.

All types of a document go to what knows them at once, because the names of its components hang on each other.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, Protocol

from .schema import Schema, make_schemas
from .tidying import PREFIX, tidy

#: Gives a schema for each type, and the components that these refer to; see `yaat.arguments.Input`.
MakeSchemas = Callable[..., Any]
#: Called with a type (`None` where only its name is known), the name of a component (empty for a schema in place), and
#: the schema; gives the schema that takes its place.
ReviseSchema = Callable[[Any, str, Schema], Schema]

REFERENCE = PREFIX + "{name}"
#: What a component may not be called (OpenAPI 3.1 §4.8.7.1).
_FORBIDDEN = re.compile(r"[^a-zA-Z0-9._-]")


class Schemas(Protocol):
    """What tells the schema of a type."""

    def find(self, kind: Any, make: MakeSchemas | None = None) -> Schema:
        """Return the schema of *kind*: a new one, that may be changed."""
        ...

    def open(self, schema: Schema) -> Schema:
        """Return what a reference to a component refers to, or the schema itself."""
        ...


class Wishes:
    """Takes down which types a document needs, before any schema is made."""

    def __init__(self) -> None:
        self.kinds: list[tuple[Any, MakeSchemas | None]] = []

    def find(self, kind: Any, make: MakeSchemas | None = None) -> Schema:
        """Remember *kind*."""
        self.kinds.append((kind, make))
        return {}

    def open(self, schema: Schema) -> Schema:
        """Return *schema*: there are no components yet."""
        return schema


class Definitions:
    """The schemas of one document.

    Args:
        wishes: Every type with what makes its schema; `None` takes what makes those of the others.
        revise: Gives plugins their turn.

    Attributes:
        components: By name, sorted.
        collisions: The components that different types with one name have become, by that name.
    """

    def __init__(
        self,
        wishes: Iterable[tuple[Any, MakeSchemas | None]],
        revise: ReviseSchema = lambda kind, name, schema: schema,
    ) -> None:
        self._revise = revise
        self._schemas: dict[MakeSchemas, dict[int, tuple[Any, Schema]]] = {}
        self._found: dict[str, Schema] = {}
        self._wishes = list(wishes)
        self._usual = next((make for _, make in self._wishes if make is not None), make_schemas)
        for make, kinds in self._group().items():
            self._add(make, kinds)
        self.components = {name: revise(None, name, schema) for name, schema in sorted(self._found.items())}
        self.collisions = _find_collisions(self.components)

    def find(self, kind: Any, make: MakeSchemas | None = None) -> Schema:
        """Return the schema of *kind*, which was among the wishes."""
        known = self._schemas[make or self._usual]
        same = (schema for other, schema in known.values() if other == kind)
        return deepcopy(known[id(kind)][1] if id(kind) in known else next(same))

    def open(self, schema: Schema) -> Schema:
        """Return what a reference to a component refers to, or the schema itself."""
        name = schema.get("$ref", "").removeprefix(PREFIX)
        return deepcopy(self.components.get(name, schema))

    def _group(self) -> dict[MakeSchemas, list[Any]]:
        """Return the types by what makes their schemas, each once."""
        groups: dict[MakeSchemas, dict[int, Any]] = {}
        for kind, make in self._wishes:
            groups.setdefault(make or self._usual, {})[id(kind)] = kind
        return {make: list(kinds.values()) for make, kinds in groups.items()}

    def _add(self, make: MakeSchemas, kinds: Sequence[Any]) -> None:
        """Add the schemas of some types, and the components that they refer to."""
        schemas, components = make(kinds, REFERENCE)
        schemas = [tidy(schema) for schema in schemas]
        components = {name: tidy(schema) for name, schema in components.items()}
        names = self._take_names(components)
        for name, schema in components.items():
            self._found[names[name]] = rename(schema, names)
        for kind, schema in zip(kinds, schemas, strict=True):
            revised = self._revise(kind, "", rename(schema, names))
            # Types are told apart by their identity first, as not all can be hashed; so they are kept.
            self._schemas.setdefault(make, {})[id(kind)] = (kind, self._lift(revised))

    def _lift(self, schema: Schema) -> Schema:
        """Return *schema* with what a plugin has put into its `$defs` among the components."""
        parts = schema.pop("$defs", {})
        names = self._take_names(parts)
        local = {f"#/$defs/{name}": PREFIX + names[name] for name in parts}
        for name, part in parts.items():
            self._found[names[name]] = _replace(part, local)
        lifted: Schema = _replace(schema, local)
        return lifted

    def _take_names(self, components: Mapping[str, Schema]) -> dict[str, str]:
        """Return what each component is called in the document: another name if one is taken by something else."""
        names: dict[str, str] = {}
        for name, schema in components.items():
            plain = _FORBIDDEN.sub("_", name)
            free, count = plain, 1
            while free in self._found and self._found[free] != schema:
                count += 1
                free = f"{plain}_{count}"
            names[name] = free
        return names


def rename(schema: Any, names: Mapping[str, str]) -> Any:
    """Return *schema* with references to components by their new names."""
    changed = {PREFIX + name: PREFIX + other for name, other in names.items() if name != other}
    return _replace(schema, changed) if changed else schema


def _replace(value: Any, references: Mapping[str, str]) -> Any:
    """Return *value* with other references in it."""
    if isinstance(value, dict):
        return {
            key: references.get(each, each) if key == "$ref" and isinstance(each, str) else _replace(each, references)
            for key, each in value.items()
        }
    return [_replace(each, references) for each in value] if isinstance(value, list) else value


def _find_collisions(components: Mapping[str, Schema]) -> dict[str, list[str]]:
    """Return the components that would have one name, by that name."""
    by_title: dict[str, list[str]] = {}
    for name, schema in components.items():
        title = schema.get("title", name)
        plain = _FORBIDDEN.sub("_", title)
        # A title that somebody has chosen says nothing of the name.
        if name == plain or name.endswith(f".{plain}") or re.fullmatch(rf"{re.escape(plain)}_\d+", name):
            by_title.setdefault(title, []).append(name)
    return {title: names for title, names in by_title.items() if len(names) > 1}
