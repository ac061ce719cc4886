"""This file is the page for people: every operation of a document, in plain HTML.

The law here: everything is escaped, there is no script, and nothing is fetched from anywhere.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from typing import Any

from .document import list_operations

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52em; margin: 2em auto; padding: 0 1em; color: #222 }
h2 { margin: 2em 0 .5em; font-size: 1.2em }
details { border: 1px solid #ddd; border-radius: 4px; margin: .4em 0 }
summary { padding: .5em .8em; cursor: pointer }
summary b { display: inline-block; min-width: 5.5em }
details > div { padding: 0 .8em .8em; border-top: 1px solid #ddd }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere }
p { white-space: pre-line }
table { border-collapse: collapse; margin: .8em 0 }
th, td { text-align: left; padding: .2em 1.2em .2em 0; vertical-align: top }
s { color: #777 }
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title} <small>{version}</small></h1>
{description}{link}
{groups}
</body>
</html>
"""


def format_page(document: Mapping[str, Any], link: str | None) -> str:
    """Return the page for *document*.

    Args:
        document: An OpenAPI Object.
        link: Where the document itself is served, if it is.
    """
    info = document["info"]
    operations = [
        *list_operations(document),
        *((each["path"], "WEBSOCKET", each) for each in document.get("x-websockets", ())),
    ]
    return _PAGE.format(
        style=STYLE,
        title=escape(info["title"]),
        version=escape(info["version"]),
        description=_format_paragraph(info.get("description")),
        link=f'<p>The <a href="{escape(link)}">OpenAPI document</a></p>' if link else "",
        groups="\n".join(_format_groups(operations)),
    )


def list_page_headers() -> dict[str, str]:
    """Return the headers that hold the page to its law: nothing but its own style is allowed."""
    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return {
        "content-security-policy": f"{policy}; frame-ancestors 'none'",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }


def _format_groups(operations: Iterable[tuple[str, str, Mapping[str, Any]]]) -> Iterable[str]:
    """Yield the operations: those without tags, then each first tag in the order in which the tags occur."""
    groups: dict[str, list[str]] = {"": []}
    for path, method, operation in operations:
        tag = next(iter(operation.get("tags") or [""]))
        groups.setdefault(tag, []).append(_format_operation(path, method, operation))
    for tag, formatted in groups.items():
        if tag:
            yield f"<h2>{escape(tag)}</h2>"
        yield from formatted


def _format_operation(path: str, method: str, operation: Mapping[str, Any]) -> str:
    """Return one operation, folded up to a line."""
    shown = f"<code>{escape(path)}</code>"
    shown = f"<s>{shown}</s>" if operation.get("deprecated") else shown
    return (
        f"<details><summary><b>{escape(method)}</b> {shown} {escape(operation.get('summary', ''))}</summary><div>"
        f"{_format_paragraph(operation.get('description'))}"
        f"{_format_table('Parameter', _list_parameters(operation))}"
        f"{_format_table('Response', _list_responses(operation))}"
        "</div></details>"
    )


def _list_parameters(operation: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield each parameter with what is known of it."""
    for parameter in operation.get("parameters", ()):
        schema = parameter.get("schema", {})
        kind = " ".join(str(schema[key]) for key in ("type", "format") if key in schema)
        yield parameter["name"], ", ".join(filter(None, [kind, parameter.get("description")]))


def _list_responses(operation: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield each status with what is answered."""
    for status, response in operation.get("responses", {}).items():
        media_types = ", ".join(response.get("content", ()))
        yield status, ", ".join(filter(None, [response.get("description"), media_types]))


def _format_table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """Return a table with two columns, or nothing when there are no rows."""
    lines = [f"<tr><td><code>{escape(name)}</code></td><td>{escape(text)}</td></tr>" for name, text in rows]
    return f"<table><tr><th>{title}</th><th></th></tr>{''.join(lines)}</table>" if lines else ""


def _format_paragraph(text: str | None) -> str:
    """Return a text as a paragraph, or nothing for none."""
    return f"<p>{escape(text)}</p>" if text else ""
