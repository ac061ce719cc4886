"""This file is how plugins stand to each other: who needs whom, who bars whom, who comes first."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ..exceptions import ConfigurationError, PluginError
from ..provenance import Owner
from .loaded import LoadedPlugin
from .order import OrderCycle, sort_names
from .problem import BrokenPlugin, raise_together, suggest
from .version import Requirement, parse_requirement

#: By plugin, those that must come earlier, and who says so.
Earlier = dict[str, dict[str, str]]


def check_needs(
    plugins: Sequence[LoadedPlugin], absent: Mapping[str, str], broken: Collection[str]
) -> Iterator[BrokenPlugin]:
    """Yield an error for each plugin that is required and not there.

    Args:
        plugins: The plugins that are to be active.
        absent: By name, what became of others, such as `is blocked`.
        broken: Names that have an error of their own already and need no second one.
    """
    active = {plugin.name for plugin in plugins}
    for plugin in plugins:
        for name in plugin.declaration.requires:
            if name in active or name in broken:
                continue
            fix = "Lift that, or take the plugin out too."
            if name not in absent:
                similar = suggest(name, active - {plugin.name}, label="The other plugins")
                fix = f"Install the package that brings it, or add it to plugins=. {similar}"
            what = f"requires the plugin {name!r}, which {absent.get(name, 'is not there')}"
            yield BrokenPlugin(plugin.owner, what, fix=fix)


def check_conflicts(plugins: Sequence[LoadedPlugin]) -> Iterator[BrokenPlugin]:
    """Yield an error for each plugin that says it cannot work beside another that is there."""
    owners = {plugin.name: plugin.owner for plugin in plugins}
    for plugin in plugins:
        for name in plugin.declaration.conflicts:
            if name in owners:
                what = f"cannot work beside {owners[name]}"
                fix = f'Choose one of them: Yaat(block=["{name}"]) keeps this one.'
                yield BrokenPlugin(plugin.owner, what, fix=fix)


def check_required(
    required: Iterable[str],
    plugins: Sequence[LoadedPlugin],
    absent: Mapping[str, str],
    broken: Collection[str],
) -> Iterator[ConfigurationError]:
    """Yield an error for each of the app's `required_plugins` that is not there in a version that will do.

    Args:
        required: Names of plugins, with ranges of versions: `auth>=2.1`.
        plugins: The plugins that are to be active.
        absent: By name, what became of others, such as `is blocked`.
        broken: Names that have an error of their own already and need no second one.
    """
    by_name = {plugin.name: plugin for plugin in plugins}
    for text in required:
        requirement = parse_requirement(text)
        name = requirement.name
        if name in by_name:
            fault = _find_fault(requirement, by_name[name].owner)
        elif name in broken:
            fault = ""
        else:
            hint = suggest(name, by_name, label="The active plugins")
            fault = f"it {absent.get(name, 'is not there')}.\n{hint}"
        if fault:
            yield PluginError(f"required_plugins= asks for {text!r}, and {fault}")


def _find_fault(requirement: Requirement, owner: Owner) -> str:
    """Return what keeps an active plugin from meeting *requirement*, or an empty text."""
    if not requirement.clauses:
        return ""
    if owner.version is None:
        return (
            f"{owner} is of no installed distribution, so its version is not known.\n"
            f"Ask for it without a version: required_plugins=[{requirement.name!r}]."
        )
    try:
        is_met = requirement.allows(owner.version)
    except ValueError as error:
        return f"the version of {owner} cannot be read: {error}"
    return "" if is_met else f"{owner} is not that.\nInstall it: pip install -U {owner.distribution}"


def refuse_twin(plugin: LoadedPlugin, others: Sequence[LoadedPlugin]) -> None:
    """Refuse an object that is there already by another name; its hooks would be called twice.

    Raises:
        BrokenPlugin: *plugin* is the same object as one of *others*.
    """
    for other in others:
        if plugin.plugin == other.plugin:
            fix = "Take one of the two names out of the entry points, or make it a class."
            raise BrokenPlugin(plugin.owner, f"is the same object as {other.owner}", fix=fix)


def sort_plugins(plugins: Sequence[LoadedPlugin]) -> list[LoadedPlugin]:
    """Return *plugins* in plugin order: as they stand, but for what they say of each other.

    Raises:
        PluginErrors: For each circle in what they say, one.
    """
    by_name = {plugin.name: plugin for plugin in plugins}
    earlier = _find_earlier(plugins)
    names, errors = list(by_name), []
    while True:
        try:
            ordered = sort_names(names, earlier)
        except OrderCycle as error:
            blamed = _blame([by_name[name] for name in error.cycle[:-1]])
            errors.append(_explain_cycle(blamed, error, earlier))
            names.remove(blamed.name)
        else:
            raise_together(errors)
            return [by_name[name] for name in ordered]


def _find_earlier(plugins: Sequence[LoadedPlugin]) -> Earlier:
    """Return what the plugins say about who comes earlier."""
    earlier: Earlier = {plugin.name: {} for plugin in plugins}
    for plugin in plugins:
        declaration = plugin.declaration
        for name in declaration.after:
            earlier[plugin.name][name] = f"{plugin.name} says after {name}"
        for name in declaration.requires:
            earlier[plugin.name][name] = f"{plugin.name} requires {name}"
        for name in declaration.before:
            earlier.setdefault(name, {})[plugin.name] = f"{plugin.name} says before {name}"
    return earlier


def _blame(circle: Sequence[LoadedPlugin]) -> LoadedPlugin:
    """Return the plugin to be left out for a circle: one that nobody asked for, if there is one."""
    return next((plugin for plugin in circle if plugin.is_autoloaded), circle[0])


def _explain_cycle(blamed: LoadedPlugin, error: OrderCycle, earlier: Earlier) -> BrokenPlugin:
    """Return the error for a circle, with who says what."""
    steps = zip(error.cycle, error.cycle[1:], strict=False)
    said = "; ".join(earlier[later][first] for first, later in steps)
    what = f"would have to come before itself: {error}"
    return BrokenPlugin(blamed.owner, what, fix=f"Take one of these out: {said}.")
