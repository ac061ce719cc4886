"""This file is what the app and the environment say about plugins, checked where it is written."""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal, get_args

from ..exceptions import ConfigurationError
from ..record import EMPTY, frozen, set_field
from .plugin import find_name
from .problem import raise_together
from .version import parse_requirement

OnPluginError = Literal["raise", "warn"]
Settings = Mapping[str, Mapping[str, Any]]

#: What YAAT_AUTOLOAD may say, and whether it leaves autoloading to the app.
_AUTOLOAD: Mapping[str, bool] = MappingProxyType({"": True, "0": False, "1": True, "false": False, "true": True})


@frozen
class PluginOptions:
    """What `Yaat(...)` was told about plugins.

    Attributes:
        plugins: In order: instances, modules with hooks, or names of installed plugins.
        autoload: Whether installed plugins join in by themselves.
        block: Names of plugins to go without, whoever asks for them. A name that nothing has is allowed.
        settings: By plugin name, what goes to the constructor of a plugin that is loaded by its name, and to
            `yaat_configure`.
        required_plugins: Names of plugins that must be active, with the versions that will do: `auth>=2.1`.
        on_plugin_error: What becomes of an autoloaded plugin that cannot be loaded, configured, or asked what it
            brings: `raise` stops the app, `warn` leaves the plugin out. What breaks later stops the app.

    Raises:
        PluginErrors: Everything in it that cannot be meant.
    """

    plugins: Iterable[Any] = ()
    autoload: bool = True
    block: Iterable[str] = ()
    settings: Settings = EMPTY
    required_plugins: Iterable[str] = ()
    on_plugin_error: OnPluginError = "raise"

    def __post_init__(self) -> None:
        lists = ("plugins", "block", "required_plugins")
        raise_together(_say(_check_list(name, getattr(self, name)) for name in lists))
        for name in lists:
            set_field(self, name, tuple(getattr(self, name)))
        raise_together(
            _say(
                (
                    *_check_plugins(self.plugins),
                    *_check_names(self.block),
                    *_check_requirements(self.required_plugins),
                    *_check_settings(self.settings),
                    *_check_choice(self.on_plugin_error),
                )
            )
        )
        settings = {name: MappingProxyType(dict(section)) for name, section in self.settings.items()}
        set_field(self, "settings", MappingProxyType(settings))

    def find_settings(self, name: str) -> Mapping[str, Any]:
        """Return the settings of one plugin, read-only; empty when there are none."""
        return self.settings.get(name, MappingProxyType({}))


@frozen
class Switches:
    """What the operator says about plugins, over the app's head.

    Attributes:
        autoload: Whether it is left to the app; `False` turns it off.
        block: More names to go without.
    """

    autoload: bool = True
    block: tuple[str, ...] = ()


def read_switches(environment: Mapping[str, str]) -> Switches:
    """Return what `YAAT_AUTOLOAD` and `YAAT_BLOCK` say. No other code reads them.

    Raises:
        ConfigurationError: `YAAT_AUTOLOAD` is neither yes nor no.
    """
    word = environment.get("YAAT_AUTOLOAD", "").strip().lower()
    if word not in _AUTOLOAD:
        raise ConfigurationError(
            f"YAAT_AUTOLOAD is {word!r} in the environment. Write 0 to load no installed plugins, or unset it."
        )
    names = (name.strip() for name in environment.get("YAAT_BLOCK", "").split(","))
    return Switches(autoload=_AUTOLOAD[word], block=tuple(name for name in names if name))


def _say(messages: Iterable[str]) -> list[ConfigurationError]:
    """Return an error for each message that is not empty."""
    return [ConfigurationError(message) for message in messages if message]


def _check_list(option: str, value: object) -> str:
    """Return what is wrong with an option that takes several things; one text alone is a common slip."""
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping):
        return ""
    return f"{option}= takes a list such as [{value!r}], not {value!r}."


def _check_plugins(plugins: Iterable[Any]) -> Iterator[str]:
    """Yield what is wrong with each of *plugins*."""
    names: set[str] = set()
    for plugin in plugins:
        if inspect.isclass(plugin):
            called = plugin.__name__
            yield f"plugins= has the class {called}, and an instance is due. Write {called}()."
            continue
        name = plugin if isinstance(plugin, str) else find_name(plugin)
        if not name:
            kinds = "an object with a name, a module, or the name of an installed plugin"
            yield f"plugins= has {plugin!r}, which has no name. A plugin is {kinds}."
        elif name in names:
            yield f"plugins= has the plugin {name!r} twice. Leave one out."
        names.add(name)


def _check_names(block: Iterable[Any]) -> Iterator[str]:
    """Yield what in *block* is no name."""
    for name in block:
        if not isinstance(name, str):
            yield f"block= takes names of plugins, not {name!r}."


def _check_requirements(required: Iterable[Any]) -> Iterator[str]:
    """Yield what in *required* cannot be read."""
    for text in required:
        try:
            parse_requirement(text)
        except (TypeError, ValueError) as error:
            yield f"required_plugins= has {text!r}: {error}"


def _check_settings(settings: Any) -> Iterator[str]:
    """Yield what in *settings* is no mapping of options by plugin name."""
    if not isinstance(settings, Mapping):
        kind = type(settings).__name__
        yield f'settings= takes a mapping such as {{"openapi": {{"title": "Shop"}}}}, not a {kind}.'
        return
    for name, section in settings.items():
        if not isinstance(section, Mapping) or not all(isinstance(option, str) for option in section):
            kind = type(section).__name__  # not the value, which may be secret
            yield f"settings= has a {kind} for {name!r}, and a mapping of options by name is due."


def _check_choice(choice: object) -> Iterator[str]:
    """Yield what is wrong with *choice*."""
    if choice not in get_args(OnPluginError):
        yield f"on_plugin_error= is 'raise' or 'warn', not {choice!r}."
