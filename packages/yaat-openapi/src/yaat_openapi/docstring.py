"""This file is what a docstring tells the document: in prose, or as an operation in YAML as the first Yaat had it."""

import re
from collections.abc import Mapping, Sequence
from textwrap import dedent
from typing import Any

from yaat.exceptions import ConfigurationError
from yaat.record import EMPTY, frozen

from .text import parse_yaml

#: The fields of an Operation Object, and the kind of value that each has (OpenAPI 3.1 §4.8.10.1).
FIELDS: Mapping[str, tuple[type, ...]] = {
    "tags": (list,),
    "summary": (str,),
    "description": (str,),
    "externalDocs": (dict,),
    "operationId": (str,),
    "parameters": (list,),
    "requestBody": (dict,),
    "responses": (dict,),
    "callbacks": (dict,),
    "deprecated": (bool,),
    "security": (list,),
    "servers": (list,),
}
#: Options of a route that are called in another way.
_OPTIONS = {"operationId": "operation_id"}
_FIRST_FIELD = re.compile(rf"(?:{'|'.join(FIELDS)}|x-[\w-]+):(?:\s|$)")
#: A section in the style of Google: its head, and lines that are indented.
_ARGUMENTS = re.compile(r"^Arg(?:ument)?s:[ ]*\n((?:[ \t]+\S.*(?:\n|\Z)|[ \t]*\n)+)", re.MULTILINE)
_ARGUMENT = re.compile(r"\*{0,2}(\w+)(?: \([^)]*\))?:(.*)")
_SEPARATOR = re.compile(r"^---\s*$", re.MULTILINE)


@frozen
class Docstring:
    """What a docstring says.

    Attributes:
        summary: The first paragraph in one line.
        description: The rest of the prose, without the arguments.
        arguments: What a section `Args:` says of each, by its name.
        operation: What stands there in YAML.
    """

    summary: str = ""
    description: str = ""
    arguments: Mapping[str, str] = EMPTY
    operation: Mapping[str, Any] = EMPTY


#: Where there is none.
SILENT = Docstring()


def read_docstring(text: str, where: str) -> Docstring:
    """Return what a docstring says.

    It is YAML as a whole when it begins with a field of an Operation Object, and below a line `---`; else it is prose.

    Args:
        text: As `inspect.getdoc` gives it.
        where: The route, for messages.

    Raises:
        ConfigurationError: What should be YAML is none, or no operation.
    """
    prose, code = _split(text)
    first, _, rest = prose.strip().partition("\n\n")
    rest, arguments = _take_arguments(rest)
    operation = _read_operation(code, where) if code.strip() else {}
    return Docstring(
        summary=" ".join(first.split()), description=rest.strip(), arguments=arguments, operation=operation
    )


def _take_arguments(prose: str) -> tuple[str, dict[str, str]]:
    """Return prose without its section of arguments, and what that says of each; one that is of another form stays."""
    section = _ARGUMENTS.search(prose)
    lines = [] if section is None else dedent(section[1]).splitlines()
    arguments: list[list[str]] = []
    for line in lines:
        named = _ARGUMENT.fullmatch(line)
        if named is not None:
            arguments.append([named[1], named[2]])
        elif arguments and (not line or line[0] == " "):
            arguments[-1].append(line)
        else:
            return prose, {}
    told = {name: " ".join(" ".join(words).split()) for name, *words in arguments}
    return prose if section is None else prose[: section.start()] + prose[section.end() :], told


def _split(text: str) -> tuple[str, str]:
    """Return the part of a docstring that is prose, and the part that is YAML."""
    if _FIRST_FIELD.match(text.lstrip()):
        return "", text
    parts = _SEPARATOR.split(text, maxsplit=1)
    return (parts[0], parts[1]) if len(parts) > 1 else (text, "")


def _read_operation(code: str, where: str) -> dict[str, Any]:
    """Return the operation that *code* describes.

    Raises:
        ConfigurationError: It is no YAML, or it has fields that no operation has.
    """
    try:
        operation = parse_yaml(code)
    except ValueError as error:
        raise ConfigurationError(f"The docstring of {where} is no YAML, which it seems to be: {error}") from error
    if not isinstance(operation, dict):
        raise ConfigurationError(f"The YAML in the docstring of {where} is no mapping of fields of an operation.")
    for name, value in operation.items():
        kinds = FIELDS.get(name, () if not str(name).startswith("x-") else (object,))
        if not isinstance(value, kinds):
            fields = ", ".join(FIELDS)
            what = f"is no {kinds[0].__name__}" if kinds else f"is no field of an operation. These are: {fields}, x-…"
            raise ConfigurationError(f"{name!r} in the YAML of the docstring of {where} {what}.")
    operation["responses"] = {str(status): each for status, each in operation.get("responses", {}).items()}
    return {name: value for name, value in operation.items() if value or name != "responses"}


def merge_docstring(
    operation: Mapping[str, Any], told: Docstring, metadata: Mapping[str, Any], names: Sequence[str]
) -> dict[str, Any]:
    """Return *operation* with what its docstring says in YAML; what the route says counts more, but for its tags.

    Parameters are completed: one with the name of a parameter of the path is that one, as in the first Yaat.
    """
    if not told.operation:
        return dict(operation)
    said = {
        name: value
        for name, value in told.operation.items()
        if name in ("tags", "responses") or metadata.get(_OPTIONS.get(name, name)) is None
    }
    merged = {**operation, **said}
    if "parameters" in said:
        merged["parameters"] = _merge_parameters(operation.get("parameters", ()), said["parameters"], names)
    if "responses" in said and "responses" in operation:
        known = {status: each for status, each in operation["responses"].items() if status != "default"}
        merged["responses"] = {**known, **said["responses"], **_find_named(operation, metadata)}
    return merged


def _find_named(operation: Mapping[str, Any], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return those responses of *operation* that the route itself names."""
    return {str(status): operation["responses"][str(status)] for status in metadata.get("responses") or {}}


def _merge_parameters(known: Sequence[Any], said: Sequence[Any], names: Sequence[str]) -> list[Any]:
    """Return the parameters that are known, completed by those that are said."""
    found = {(each["in"], each["name"]): each for each in known}
    for each in said:
        if "$ref" in each:
            found["$ref", each["$ref"]] = each
            continue
        name = each.get("name")
        place = each.get("in", "path" if name in names else "query")
        base = found.get((place, name), {"schema": {"type": "string"}} if "content" not in each else {})
        found[place, name] = {**base, "name": name, "in": place, **each}
    return list(found.values())
