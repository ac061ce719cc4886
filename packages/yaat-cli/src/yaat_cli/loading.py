"""This file is importing the app, and saying in a few lines why it cannot be."""

import inspect
import sys
from contextlib import redirect_stdout
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType
from typing import Any

from yaat import Yaat
from yaat.exceptions import ConfigurationError
from yaat.signature import read_signature

from .brief import format_brief
from .errors import CommandFailed, suggest
from .finding import Target, list_modules

#: What an app is usually called, best first.
NAMES = ("app", "application", "asgi")
#: What a function that makes one is usually called.
MAKERS = ("create_app", "make_app", "get_app")


def load_app(target: Target) -> Any:
    """Return the app, freshly imported; it need not be a `Yaat`.

    Raises:
        CommandFailed: There is no such module, nothing of that name in it, or no app under it. What the code of the app
            raises passes through.
    """
    folder = str(target.import_folder)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    invalidate_caches()
    # What an app prints while it is imported does not belong into what a command prints.
    with redirect_stdout(sys.stderr):
        app = find_app(_import(target), target)
        if not target.is_factory:
            return app
        app = app()
    if not callable(app):
        raise CommandFailed(f"{target} gave {app!r:.100}, and an ASGI app is due.", "Return the app from it.")
    return app


def load_or_fail(target: Target) -> Any:
    """Return the app, as `load_app` does.

    Raises:
        CommandFailed: And for whatever the code of the app raises, in a few lines.
    """
    try:
        return load_app(target)
    except CommandFailed:
        raise
    except (Exception, SystemExit) as error:
        brief = format_brief(error, target.folder)
        raise CommandFailed(f"{target.module} cannot be imported.\n{brief}", "Mend that line first.") from error


def load_yaat(target: Target) -> Yaat:
    """Return the app, which is a `Yaat`, before it is built.

    Raises:
        CommandFailed: It cannot be imported, or is another ASGI app.
    """
    app = load_or_fail(target)
    if not isinstance(app, Yaat):
        what = f"{target} is {app!r:.100}, which is no Yaat app."
        raise CommandFailed(what, "Name the app that is inside of it: --app module:name.")
    return app


def load_built(target: Target) -> Yaat:
    """Return the app, built.

    Raises:
        CommandFailed: It cannot be imported or built.
    """
    return build(load_yaat(target), target)


def build(app: Yaat, target: Target) -> Yaat:
    """Return *app*, built.

    Raises:
        CommandFailed: It cannot be built.
    """
    try:
        app.build()
    except Exception as error:
        raise CommandFailed(f"{target.module} cannot be built.\n{describe_failure(error, target.folder)}") from error
    return app


def describe_failure(error: BaseException, folder: Path) -> str:
    """Return all that mistakes in the set-up say, or any other error in a few lines."""
    if isinstance(error, BaseExceptionGroup):
        return "\n\n".join(describe_failure(each, folder) for each in error.exceptions)
    if isinstance(error, ConfigurationError):
        return "\n".join([str(error), *getattr(error, "__notes__", ())])
    return format_brief(error, folder)


def find_app(module: ModuleType, target: Target) -> Any:
    """Return the app in *module*, or what makes it.

    Raises:
        CommandFailed: There is none, or there are several.
    """
    names = [name for name in vars(module) if not name.startswith("_")]
    if target.attribute:
        found: Any = module
        for part in target.attribute.split("."):
            if not hasattr(found, part):
                fix = suggest(part, names, label="The names there")
                raise CommandFailed(f"{module.__name__} has no {part!r}, which {target.reason} names.", fix)
            found = getattr(found, part)
        if not callable(found):
            raise CommandFailed(f"{target} is {found!r:.100}, which is no app.", _suggest_app(module))
        return found if target.is_factory else _refuse_maker(found, str(target))
    apps = _list_apps(module)
    usual = next((name for name in NAMES if name in apps or callable(vars(module).get(name))), None)
    if usual is None and len(apps) != 1:
        what = f"has the apps {', '.join(apps)}, and none is called 'app'" if apps else "has no app"
        fix = f"Name one: --app {module.__name__}:{apps[0]}" if apps else "Write app = Yaat() in it, or name another."
        maker = next((name for name in names if name in MAKERS and _makes_something(vars(module)[name])), None)
        if maker is not None and not apps:
            fix = f"To call {maker}: --app '{module.__name__}:{maker}()'"
        raise CommandFailed(f"{module.__name__} {what}.", fix)
    name = usual or apps[0]
    return _refuse_maker(vars(module)[name], f"{module.__name__}:{name}")


def _import(target: Target) -> ModuleType:
    """Return the module of *target*.

    Raises:
        CommandFailed: There is no such module.
    """
    try:
        return import_module(target.module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{target.module}.".startswith(f"{error.name}."):
            raise
        fix = suggest(target.module, list_modules(target.folder), label="The modules here")
        raise CommandFailed(f"There is no module {target.module!r}, which {target.reason} names.", fix) from error


def _list_apps(module: ModuleType) -> list[str]:
    """Return the names of the Yaat apps in *module*."""
    return [name for name, value in vars(module).items() if isinstance(value, Yaat)]


def _refuse_maker(found: Any, called: str) -> Any:
    """Return *found*, unless it has to be called for the app.

    Raises:
        CommandFailed: It has.
    """
    if _makes_something(found):
        raise CommandFailed(f"{called} is a function without arguments, and no app.", f"To call it: --app '{called}()'")
    return found


def _makes_something(found: Any) -> bool:
    """Return whether *found* is a function that is called with nothing: an app takes three arguments."""
    return inspect.isfunction(found) and not read_signature(found).parameters


def _suggest_app(module: ModuleType) -> str:
    """Return which app could have been meant."""
    apps = _list_apps(module)
    return f"Did you mean {module.__name__}:{apps[0]}?" if apps else "Write app = Yaat() in it."
