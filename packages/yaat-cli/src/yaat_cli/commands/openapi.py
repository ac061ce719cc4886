"""This file is `yaat openapi`: the document that describes the app to other programs."""

import json
from pathlib import Path

import click

from ..errors import CommandFailed
from ..finding import Target
from ..loading import load_built
from ..options import app_option


@click.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write it to.")
@app_option
def command(*, output: Path | None, target: Target) -> None:
    """Print the OpenAPI document."""
    app = load_built(target)
    publication = app.extensions.get("openapi")
    if publication is None:
        raise CommandFailed(
            "The app has no plugin 'openapi', which writes the document.",
            "Install it: pip install yaat-openapi. Or ask: yaat plugins why openapi",
        )
    text = json.dumps(publication.document, indent=2, ensure_ascii=False) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
