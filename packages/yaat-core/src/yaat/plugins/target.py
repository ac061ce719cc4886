"""This file is making a plugin of what an entry point names: importing it, and giving a class its options."""

import importlib
import inspect
import sys
from collections.abc import Mapping
from typing import Any, Final

from ..provenance import Owner, find_source
from ..signature import read_signature
from .discovery import InstalledPlugin
from .problem import BrokenPlugin, find_raise_site, suggest

_MISSING: Final = object()
_READ_ON = "The traceback of that error is printed with this one."


def import_target(installed: InstalledPlugin) -> Any:
    """Return what the entry point names.

    Raises:
        BrokenPlugin: It cannot be imported, or is not there.
    """
    try:
        found: Any = importlib.import_module(installed.module)
    except (Exception, SystemExit) as error:
        raise _explain_import(installed, error) from error
    for name in filter(None, installed.attribute.split(".")):
        parent, found = found, getattr(found, name, _MISSING)
        if found is _MISSING:
            raise BrokenPlugin(
                installed.owner,
                f"has the entry point {installed.target!r}, where there is no {name!r}",
                fix=suggest(name, _public_names(parent), label="The names there"),
            )
    return found


def make_plugin(factory: type, owner: Owner, settings: Mapping[str, Any]) -> Any:
    """Return an instance of a plugin class, made with what `settings=` has for it.

    Raises:
        BrokenPlugin: The options do not fit the constructor, or it raised.
    """
    signature = read_signature(factory)
    try:
        signature.bind(**settings)
    except TypeError as error:
        raise BrokenPlugin(
            owner,
            f"does not take these settings: {error}",
            where=find_source(inspect.getattr_static(factory, "__init__")),
            fix=_explain_options(owner, signature, settings),
        ) from None
    try:
        return factory(**settings)
    except (Exception, SystemExit) as error:
        raise BrokenPlugin(
            owner,
            f"raised {type(error).__name__} while it was made: {error}",
            where=find_raise_site(error),
            # Names only: what stands behind them may be secret.
            fix=f"Its settings were: {', '.join(settings) or 'none'}.",
        ) from error


def _explain_import(installed: InstalledPlugin, error: BaseException) -> BrokenPlugin:
    """Return the error for a module that cannot be imported, with what to do in the likely cases."""
    owner, module = installed.owner, installed.module
    what, fix = f"cannot be imported: {type(error).__name__}: {error}", _READ_ON
    if isinstance(error, SyntaxError):
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        what = f"cannot be imported, because its code is not valid: {error.msg}"
        fix = f"Install a version for Python {python}: pip install -U {owner.distribution}"
    elif isinstance(error, ModuleNotFoundError) and error.name:
        if f"{module}.".startswith(f"{error.name}."):
            what = f"has the entry point {installed.target!r}, and there is no module {error.name!r}"
            fix = f"Install it anew: pip install --force-reinstall {owner.distribution}"
        else:
            what = f"needs the module {error.name!r}, which is not installed"
            fix = f"Install what brings it: pip install {error.name.partition('.')[0]}"
    return BrokenPlugin(owner, what, where=find_raise_site(error), fix=fix)


def _explain_options(owner: Owner, signature: inspect.Signature, settings: Mapping[str, Any]) -> str:
    """Return which options a constructor takes, and which was probably meant."""
    options = [
        name
        for name, parameter in signature.parameters.items()
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    ]
    for name in settings:
        if name not in options:
            return suggest(name, options, label="Its options")
    listed = ", ".join(options) or "none that can be named"
    return f'Its options are: {listed}. Write Yaat(settings={{"{owner.plugin}": {{…}}}}).'


def _public_names(found: object) -> list[str]:
    """Return the names that an entry point could lead to."""
    return [name for name in dir(found) if not name.startswith("_")]
