"""This file is `yaat check`: what is wrong with the app, and what production would regret."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import click

from yaat import Yaat

from ..finding import Target, find_target
from ..options import json_option
from ..printing import join_paths, print_json
from ..survey import survey_plugins

#: Above this, one client can fill the memory.
_MANY_BYTES = 100 * 1024 * 1024


@click.command()
@click.option("--app", metavar="MODULE:NAME", help="The app.")
@click.option("--deploy", is_flag=True, help="Say what production would regret, too.")
@json_option
@click.pass_context
def command(ctx: click.Context, *, app: str | None, deploy: bool, as_json: bool) -> None:
    """Build the app, and say what is wrong with it. Errors make the command fail."""
    option = app or ctx.find_root().params.get("app")
    target = find_target(option)
    findings = list(check(target, option, deploy=deploy))
    if as_json:
        print_json(findings)
    else:
        for each in findings:
            color = "red" if each["level"] == "error" else "yellow"
            click.echo(f"{click.style(each['level'].capitalize(), fg=color)}: {each['message']}\n")
        errors = sum(each["level"] == "error" for each in findings)
        click.echo(f"{target}: {count(errors, 'error')}, {count(len(findings) - errors, 'warning')}.")
    if any(each["level"] == "error" for each in findings):
        raise SystemExit(1)


def count(number: int, what: str) -> str:
    """Return how many there are of something, in words."""
    return f"{number or 'no'} {what}{'s' * (number != 1)}"


def check(target: Target, option: str | None, *, deploy: bool) -> Iterator[dict[str, str]]:
    """Yield what is wrong, each with its level and its message."""
    survey = survey_plugins(option or str(target))
    for problem in survey.problems:
        yield {"level": "error", "message": problem}
    if survey.error:
        yield {"level": "error", "message": survey.error}
    for text in survey.warnings:
        yield {"level": "warning", "message": text}
    if deploy and survey.app is not None and not survey.problems:
        for look in DEPLOY_CHECKS:
            for text in look(survey.app):
                yield {"level": "warning", "message": text}


def check_debug(app: Yaat) -> Iterator[str]:
    """Yield a warning when the app shows its source to whoever causes an error."""
    if app.debug:
        yield "The app says debug=True: servers other than `yaat run` will show its source. Leave it out."


def check_interpreter(app: Yaat) -> Iterator[str]:
    """Yield a warning when Python itself is slow on purpose."""
    if sys.flags.dev_mode:
        yield "Python runs in development mode, which is slow. Unset PYTHONDEVMODE and leave out -X dev."


def check_limits(app: Yaat) -> Iterator[str]:
    """Yield a warning when one client can fill the memory."""
    limit: Any = app.max_body_bytes
    if limit is not None and limit > _MANY_BYTES:
        yield (
            f"max_body_bytes={limit} lets one request fill {limit // 1024**2} MiB of memory. "
            "Raise the limit only for the routes that need it: @app.post(…, max_body_bytes=…)."
        )


def check_document(app: Yaat) -> Iterator[str]:
    """Yield a warning when the description of the app is there for everybody."""
    paths = [route.path for route in app.report.routes if route.owner.plugin == "openapi"]
    if paths:
        yield (
            f"{join_paths(paths)} describe the app to everybody. If that is not meant: "
            'Yaat(settings={"openapi": {"openapi_url": None, "docs_url": None}}).'
        )


def check_handlers(app: Yaat) -> Iterator[str]:
    """Yield a warning when there is nothing to serve."""
    if not app.report.routes:
        yield "The app has no routes. Is this the right app?"


#: What `--deploy` looks at, in the order of the output.
DEPLOY_CHECKS: tuple[Callable[[Yaat], Iterator[str]], ...] = (
    check_handlers,
    check_debug,
    check_interpreter,
    check_limits,
    check_document,
)
