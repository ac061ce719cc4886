"""This file is `yaat plugins`: which there are, whether they work, and why one is there or not."""

from dataclasses import asdict
from typing import Any

import click

from ..errors import CommandFailed, suggest
from ..options import json_option
from ..printing import print_json, print_table
from ..survey import Line, Survey, survey_plugins


@click.group(invoke_without_command=True)
@click.option("--app", metavar="MODULE:NAME", help="The app that is asked.")
@json_option
@click.pass_context
def command(ctx: click.Context, *, app: str | None, as_json: bool) -> None:
    """List the plugins, check them, or ask why one is there or not."""
    ctx.obj = survey_plugins(app or ctx.find_root().params.get("app"))
    if ctx.invoked_subcommand is None:
        show_list(ctx.obj, as_json=as_json)


@command.command("list")
@json_option
@click.pass_obj
def list_command(survey: Survey, *, as_json: bool) -> None:
    """List the plugins and what became of each."""
    show_list(survey, as_json=as_json)


@command.command("check")
@json_option
@click.pass_obj
def check_command(survey: Survey, *, as_json: bool) -> None:
    """Say what is wrong with the plugins, and fail if anything is."""
    problems = [*survey.problems, *filter(None, [survey.error])]
    if as_json:
        print_json({"problems": problems, "warnings": list(survey.warnings), "failed": list(survey.failed)})
    else:
        for text in (*problems, *(f"Warning: {each}" for each in survey.warnings)):
            click.echo(f"{text}\n")
        if not problems:
            click.echo(survey.note or sum_up(survey))
    if problems or survey.failed:
        raise SystemExit(1)


@command.command("why")
@click.argument("name")
@json_option
@click.pass_obj
def why_command(survey: Survey, *, name: str, as_json: bool) -> None:
    """Say why the plugin NAME is active or not, and what it gives."""
    line = next((each for each in survey.lines if each.name == name), None)
    if line is None:
        hint = suggest(name, [each.name for each in survey.lines], label="The plugins")
        raise CommandFailed(
            f"No installed package brings a plugin {name!r}, and the app has none.",
            f"{hint} If it is one of Yaat's own: pip install yaat-{name.removeprefix('yaat-')}",
        )
    contributions = list_contributions(survey, name)
    problems = [text for text in survey.problems if repr(name) in text]
    if as_json:
        print_json({**asdict(line), "contributes": contributions, "problems": problems})
        return
    reason = "" if problems else f": {line.reason.removesuffix('.')}"
    click.echo(f"{name}{format_origin(line)} is {line.state}{reason}.")
    for title, texts in (("implements", line.hooks), ("gives", contributions)):
        for text in texts:
            click.echo(f"  {title} {text}")
    for text in problems:
        click.echo(f"\n{text}")


def sum_up(survey: Survey) -> str:
    """Return how the plugins of an app that could be built are, in a sentence."""
    active = sum(line.state == "active" for line in survey.lines)
    verb = "plugin is" if active == 1 else "plugins are"
    what = "and nothing is wrong"
    if survey.failed:
        what = f"and {len(survey.failed)} failed: {', '.join(survey.failed)}"
    elif survey.warnings:
        what = f"with {len(survey.warnings)} warning{'s' * (len(survey.warnings) != 1)}"
    return f"{active} {verb} active, {what}."


def show_list(survey: Survey, *, as_json: bool) -> None:
    """Print a line for each plugin, and how many problems there are."""
    if as_json:
        print_json([asdict(line) for line in survey.lines])
        return
    print_table(("Plugin", "State", "Package", "Why"), [_make_row(line) for line in survey.lines])
    if survey.note or survey.error:
        click.echo(f"\n{survey.note or survey.error}", err=True)
    if survey.problems:
        click.echo(f"\nProblems: {len(survey.problems)}. Read them: yaat plugins check", err=True)


def list_contributions(survey: Survey, name: str) -> list[str]:
    """Return what a plugin gives to the app, in words."""
    report: Any = getattr(survey.app, "report", None)
    if report is None:
        return []
    routes = [f"{','.join(each.methods) or each.protocol} {each.path}" for each in _of(report.routes, name)]
    middleware = [each.name for each in _of(report.middleware, name)]
    return [*(f"the route {each}" for each in routes), *(f"the middleware {each}" for each in middleware)]


def format_origin(line: Line) -> str:
    """Return the package of a plugin in brackets, if it is known."""
    return f" ({line.distribution} {line.version})" if line.distribution else ""


def _of(records: Any, name: str) -> list[Any]:
    """Return those of *records* that a plugin gave."""
    return [each for each in records if each.owner.plugin == name]


def _make_row(line: Line) -> tuple[str, ...]:
    """Return the cells of a plugin."""
    return (
        line.name,
        line.state,
        f"{line.distribution or ''} {line.version or ''}".strip(),
        line.reason.partition("\n")[0],
    )
