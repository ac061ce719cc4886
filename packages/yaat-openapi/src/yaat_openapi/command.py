"""This file is `yaat openapi`: a document of the app on the terminal, or in a file that is kept up to date."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yaat.exceptions import ConfigurationError
from yaat.similar import find_similar

from .options import DEFAULT
from .text import FORMATS, Format, format_json, format_yaml

NAME = "openapi"
SUMMARY = "Print an OpenAPI document."


def export_document(app: Any, name: str = DEFAULT, form: Format = "json") -> str:
    """Return a document of *app* as a text for people to keep beside the code: the same app gives the same text.

    Args:
        app: It is built, if it was not.
        name: Of the document.
        form: One of `FORMATS`.

    Raises:
        ConfigurationError: There is no such document or none at all, or the app cannot be built.
    """
    app.build()
    if NAME not in app.extensions:
        raise ConfigurationError(f"The app has no plugin {NAME!r}. It is OpenAPIPlugin of yaat-openapi.")
    documents = app.extensions[NAME].documents
    if name not in documents:
        similar = find_similar(name, documents)
        hint = f"Did you mean {similar!r}?" if similar else f"There are: {', '.join(documents)}."
        raise ConfigurationError(f"The app has no OpenAPI document {name!r}. {hint}")
    if form == "yaml":
        return format_yaml(documents[name]).decode()
    return json.dumps(json.loads(format_json(documents[name])), indent=2, ensure_ascii=False) + "\n"


def run_command(app: Any, arguments: Sequence[str]) -> int:
    """Do what `yaat openapi` is asked for; return the exit status, which is 1 for a file that is not up to date."""
    options = _parse(arguments)
    path: Path | None = options.output or options.check
    form: Format = options.format or ("yaml" if path is not None and path.suffix in (".yaml", ".yml") else "json")
    text = export_document(app, options.document, form)
    if options.check is not None:
        return _check(options.check, text)
    if options.output is None:
        sys.stdout.write(text)
    else:
        options.output.write_text(text, "utf-8")
    return 0


def _parse(arguments: Sequence[str]) -> Any:
    """Return what was asked for."""
    import argparse  # noqa: PLC0415 - apps that serve need not wait for it

    parser = argparse.ArgumentParser(prog=f"yaat {NAME}", description=SUMMARY)
    parser.add_argument("--document", default=DEFAULT, metavar="NAME", help="which one, where the app has several")
    parser.add_argument("--format", choices=FORMATS, help="as the name of the file says, else json")
    places = parser.add_mutually_exclusive_group()
    places.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it there")
    places.add_argument("--check", type=Path, metavar="FILE", help="only say whether it stands there")
    return parser.parse_args(arguments)


def _check(path: Path, text: str) -> int:
    """Return 0 if the file holds *text*, else say what to do and return 1."""
    if path.is_file() and path.read_text("utf-8") == text:
        return 0
    sys.stderr.write(f"{path} is not what the app says now. Write it anew: yaat {NAME} --output {path}\n")
    return 1
