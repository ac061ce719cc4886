"""This file is which plugins there are and what became of each, however broken some of them may be."""

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import click

from yaat import Yaat
from yaat.plugins import BrokenPlugin, PluginErrors, PluginStatus
from yaat.plugins.discovery import InstalledPlugin, find_installed

from .finding import NoApp, Target, find_target
from .loading import describe_failure, load_yaat


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What became of one plugin.

    Attributes:
        state: As in `PluginStatus`; `installed` where no app could say more, `waiting` where another one failed.
    """

    name: str
    state: str
    reason: str
    distribution: str | None = None
    version: str | None = None
    hooks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found out.

    Attributes:
        lines: A line for each plugin.
        app: The app, if it could be imported; it is built if there are no problems.
        problems: What is wrong, each in full.
        warnings: What the app or its plugins warned of.
        error: Why the app that is named or was found could not be asked.
        note: Why no app was asked, if there is none.
    """

    lines: tuple[Line, ...] = ()
    app: Yaat | None = None
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""
    note: str = ""
    installed: tuple[InstalledPlugin, ...] = field(default=(), repr=False)

    @property
    def failed(self) -> tuple[str, ...]:
        """The names of the plugins that failed; the app may go on without them."""
        return tuple(line.name for line in self.lines if line.state == "failed")


def survey_plugins(option: str | None) -> Survey:
    """Return what there is to know about plugins. It raises nothing.

    Args:
        option: What `--app` names.
    """
    installed, unreadable = _read_installed()
    try:
        target = find_target(option)
    except click.ClickException as error:
        lines = _list_installed(installed, "no app was asked")
        survey = Survey(lines=lines, problems=unreadable, installed=installed)
        is_none = isinstance(error, NoApp)
        return replace(survey, note=error.message) if is_none else replace(survey, error=error.message)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        survey = _ask_app(target, installed)
    told = tuple(dict.fromkeys(str(each.message) for each in caught if issubclass(each.category, UserWarning)))
    return Survey(
        lines=survey.lines,
        app=survey.app,
        problems=(*unreadable, *survey.problems),
        warnings=told,
        error=survey.error,
        installed=installed,
    )


def _ask_app(target: Target, installed: tuple[InstalledPlugin, ...]) -> Survey:
    """Return what the app says about its plugins, as far as it comes."""
    try:
        app = load_yaat(target)
    except click.ClickException as error:
        return Survey(lines=_list_installed(installed, "the app could not be asked"), error=error.message)
    problems: tuple[str, ...] = ()
    broken: dict[str, BrokenPlugin] = {}
    try:
        app.build()
    except PluginErrors as errors:
        problems = tuple(describe_failure(each, target.folder) for each in errors.errors)
        broken = {each.owner.plugin: each for each in errors.errors if isinstance(each, BrokenPlugin)}
    except Exception as error:
        problems = (describe_failure(error, target.folder),)
    statuses = app.manager.statuses if hasattr(app, "manager") else ()
    lines = tuple(map(_make_line, statuses)) or _list_installed(installed, "the app could not be built")
    return Survey(lines=_mark(lines, broken) if broken else lines, app=app, problems=problems)


def _read_installed() -> tuple[tuple[InstalledPlugin, ...], tuple[str, ...]]:
    """Return the plugins that are installed, and what of them cannot be read."""
    try:
        return tuple(find_installed()), ()
    except PluginErrors as errors:
        return (), tuple(map(str, errors.errors))


def _list_installed(installed: Iterable[InstalledPlugin], reason: str) -> tuple[Line, ...]:
    """Return a line for each plugin that is installed, of which nothing more is known."""
    return tuple(_make_line_of(each, "installed", reason) for each in installed)


def _mark(lines: Iterable[Line], broken: Mapping[str, BrokenPlugin]) -> tuple[Line, ...]:
    """Return *lines* with a line for each broken plugin first, and those that it keeps from taking effect."""
    failed = (
        Line(
            name=name,
            state="failed",
            reason=str(error).partition("\n")[0],
            distribution=error.owner.distribution,
            version=error.owner.version,
        )
        for name, error in broken.items()
    )
    others = (
        replace(line, state="waiting", reason="none takes effect while one fails")
        if line.state in ("active", "installed")
        else line
        for line in lines
        if line.name not in broken
    )
    return (*failed, *others)


def _make_line(status: PluginStatus) -> Line:
    """Return the line of a plugin that the app knows."""
    owner = status.owner
    return Line(
        name=owner.plugin,
        state=status.state,
        reason=status.reason,
        distribution=owner.distribution,
        version=owner.version,
        hooks=status.hooks,
    )


def _make_line_of(installed: InstalledPlugin, state: str, reason: str) -> Line:
    """Return the line of a plugin of which only the metadata is known."""
    owner = installed.owner
    return Line(name=owner.plugin, state=state, reason=reason, distribution=owner.distribution, version=owner.version)
