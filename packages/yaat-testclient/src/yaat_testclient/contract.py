"""This file is the contract of plugins: tests to inherit, each for something that every plugin owes every app."""

import asyncio
import inspect
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from itertools import islice, permutations
from typing import Any, ClassVar

import pytest

from yaat import Middleware, Plugin, Request, Response, Yaat, hookimpl
from yaat.plugins.implementation import find_implementations
from yaat.plugins.plugin import find_name
from yaat.routing import Route
from yaat.step import Step, make_step

from .apps import make_app, make_plugin, reads_settings
from .contributions import list_contributions, list_others
from .frame_watch import watch_calls
from .httpx import TestClient
from .snapshot import find_changes, take_snapshot

#: Where the route is that the tests add beside those of the plugin.
PROBE = "/yaat-contract-probe"
#: All the orders of four plugins.
MAX_ORDERS = 24


class PluginContract:
    """Tests that every plugin should pass; inherit them in a class whose name begins with `Test`.

    ```python
    class TestContract(PluginContract):
        plugin = ShopPlugin
    ```

    Attributes:
        plugin: The class, or a module with hooks.
        settings: What `Yaat(settings=…)` would have for it; enough for it to be of use.
        companions: Plugins that it requires: instances, classes or modules.
        is_installed: Whether it comes from a distribution with an entry point.
    """

    plugin: ClassVar[Any]
    settings: ClassVar[Mapping[str, Any]] = {}
    companions: ClassVar[Iterable[Any]] = ()
    is_installed: ClassVar[bool] = True

    # --- what the tests are made of ---

    @property
    def name(self) -> str:
        """The name of the plugin."""
        return find_name(self.plugin)

    def make_plugin(self) -> Any:
        """Return the plugin, made anew where it is a class."""
        if not inspect.isclass(self.plugin):
            return self.plugin
        return make_plugin(self.plugin, {self.name: dict(self.settings)})

    def make_app(self, *plugins: Any, **options: Any) -> Yaat:
        """Return an app with *plugins*, with the plugin itself where they are left out, and with a route of its own."""
        is_read_later = self.settings and reads_settings(self.plugin)
        given = plugins or (self.make_plugin(), *self.companions)
        has_it = any(find_name(each) == self.name for each in given)
        settings = {self.name: dict(self.settings)} if is_read_later and has_it else {}
        app = make_app(*given, settings=settings, **options)
        app.add_route(PROBE, answer_probe)
        return app

    def build(self, *plugins: Any, **options: Any) -> Yaat:
        """Return such an app, built."""
        app = self.make_app(*plugins, **options)
        app.build()
        return app

    def find_entry_point(self) -> EntryPoint:
        """Return the entry point of the plugin: by its name, or else by what it leads to, or else by the module."""
        if not self.is_installed:
            pytest.skip("The plugin is in no distribution: is_installed = False.")
        target, module = _spell_target(self.plugin), _find_module(self.plugin)
        found = [each for each in entry_points(group="yaat") if each.name == self.name or each.module == module]
        if found:  # A module may have several plugins.
            return max(found, key=lambda each: (each.name == self.name, each.value == target))
        pytest.fail(
            f"No installed distribution has an entry point for {self.plugin!r}. In pyproject.toml, then install again:"
            f"\n\n[project.entry-points.yaat]\n{self.name} = {_spell_target(self.plugin)!r}\n",
            pytrace=False,
        )

    # --- the distribution ---

    def test_entry_point_leads_to_the_plugin_under_its_own_name(self) -> None:
        """One name loads it, blocks it and gives it settings."""
        entry_point = self.find_entry_point()
        if entry_point.name != self.name:
            pytest.fail(f"The entry point {entry_point.name!r} is of a plugin that is called {self.name!r}.")
        found = entry_point.load()
        if found is not self.plugin:
            pytest.fail(f"The entry point {entry_point.value!r} leads to {found!r}, and not to {self.plugin!r}.")

    def test_distribution_says_which_cores_it_works_with(self) -> None:
        """A lower bound lets an older core refuse it before anything of it is imported."""
        distribution = self.find_entry_point().dist
        requirements = list((distribution.requires if distribution else None) or ())
        if not any(re.match(r"yaat[-_.]core\b[^;]*>=", each, re.IGNORECASE) for each in requirements):
            pytest.fail(f"A requirement such as 'yaat-core>=0.2' is missing; there are: {requirements}.")

    def test_import_is_silent(self) -> None:
        """With warnings as errors, and without a word on the terminal."""
        self.find_entry_point()  # A class of a test module can only be imported there.
        command = [sys.executable, "-W", "error", "-c", f"import {_find_module(self.plugin)}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or done.stdout or done.stderr:
            pytest.fail(f"Importing it says:\n{done.stdout}{done.stderr}", pytrace=False)

    # --- apps ---

    def test_app_builds_with_it_alone(self) -> None:
        """Nothing but what it requires has to be there."""
        app = self.build()
        if self.name not in app.manager.plugins:
            pytest.fail(f"The app has no active plugin {self.name!r}.")

    def test_app_starts_and_stops_twice(self) -> None:
        """What it opens when an app starts, it closes when the app stops, and can open again."""
        app = self.build()
        for _ in range(2):
            with TestClient(app) as client:
                client.get(PROBE)

    def test_apps_are_equal_when_built_one_after_another(self) -> None:
        """The first leaves nothing behind for the second."""
        first, second = (list_contributions(self.build(), self.name) for _ in range(2))
        _refuse_difference("The first app", first, "the second", second)

    def test_two_apps_can_share_it(self) -> None:
        """One instance serves two apps at once, and each of them as it would alone."""
        plugin = self.make_plugin()
        apps = [self.build(plugin, *self.companions) for _ in range(2)]
        first, second = (list_contributions(app, self.name) for app in apps)
        _refuse_difference("The first app", first, "the second", second)
        with TestClient(apps[0]) as one, TestClient(apps[1]) as other:
            answers = {client.get(PROBE).status_code for client in (one, other, one)}
        if len(answers) != 1:
            pytest.fail(f"The same request got different answers: {sorted(answers)}.")

    def test_nothing_global_is_changed(self) -> None:
        """What belongs to an app is kept in the app: no module variable, no setting of the interpreter."""
        package = _find_module(self.plugin).partition(".")[0]
        self.build()
        before = take_snapshot(package)
        with TestClient(self.build()) as client:
            client.get(PROBE)
        changes = find_changes(before, take_snapshot(package))
        if changes:
            pytest.fail(f"An app that was built and asked once has changed: {', '.join(changes)}.", pytrace=False)

    def test_order_of_plugins_does_not_matter(self) -> None:
        """Whatever stands before or after it, it brings the same."""
        others = [self.make_plugin(), *self.companions, Neighbour("a-neighbour"), Neighbour("z-neighbour")]
        expected = list_contributions(self.build(*others), self.name)
        for order in islice(permutations(others), 1, MAX_ORDERS):
            found = list_contributions(self.build(*order), self.name)
            names = ", ".join(find_name(each) for each in order)
            _refuse_difference("In front of all others, it", expected, f"in the order {names}", found)

    def test_blocked_it_leaves_no_trace(self) -> None:
        """An app that blocks it is the app that it would be without it."""
        others = [Neighbour("a-neighbour")]
        without = list_others(self.build(*others), self.name)
        app = self.build(self.make_plugin(), *others, block=[self.name])
        _refuse_difference("An app without it", without, "one that blocks it", list_others(app, self.name))
        left = list_contributions(app, self.name)
        if left:
            pytest.fail(f"Blocked, it still brings {sorted(left)}.")

    # --- hooks and requests ---

    def test_hooks_are_plain_functions(self) -> None:
        """They run while the app is built, where nobody can wait for anything."""
        for each in find_implementations(self.make_plugin()):
            if inspect.iscoroutinefunction(each.function) or inspect.isasyncgenfunction(each.function):
                pytest.fail(f"The hook {each.hook} is async. Do its work in a lifespan or in a handler.")

    def test_middleware_leaves_unknown_scopes_alone(self) -> None:
        """Raw ASGI middleware passes on what it does not know, untouched (ASGI spec, "Middleware")."""
        for record in self.build().parts.middleware:
            if record.owner.plugin == self.name:
                asyncio.run(_pass_unknown_scope(record))

    def test_requests_meet_no_hook(self) -> None:
        """All that hooks have to say was said while the app was built."""
        app = self.build()
        with watch_calls("pluggy", "yaat.plugins") as seen, TestClient(app) as client:
            for path in (PROBE, f"{PROBE}/unknown"):
                client.get(path)
        if seen:
            pytest.fail(f"A request has called {', '.join(sorted(seen))}.")


class Neighbour(Plugin):
    """A plugin that has a bit of everything, to stand beside the one that is tested.

    Args:
        name: Its name.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @hookimpl
    def yaat_configure(self, app: Any) -> None:
        """Leave something for others."""
        app.extensions[self.name] = self.name

    @hookimpl
    def yaat_register_routes(self, app: Any) -> Route:
        """Have a route."""
        return Route(path=f"{PROBE}/{self.name}", handler=answer_probe, name="probe")

    @hookimpl
    def yaat_register_middleware(self, app: Any) -> Middleware:
        """Stand around all routes."""
        return Middleware(stand_by, name=self.name)


async def answer_probe(request: Request) -> Response:
    """Answer with nothing."""
    return Response()


def stand_by(request: Request) -> Iterator[None]:
    """Let the request through."""
    yield


async def _pass_unknown_scope(record: Middleware) -> None:
    """Let *record*, if it is raw ASGI middleware, see a scope that it cannot know."""
    seen: list[tuple[Any, ...]] = []

    async def app(*arguments: Any) -> None:
        seen.append(arguments)

    async def receive() -> Any:
        pytest.fail(f"The middleware {record.name!r} has received from a connection that it does not know.")

    async def send(message: Any) -> None:
        pytest.fail(f"The middleware {record.name!r} has sent {message!r} on a connection that it does not know.")

    step = make_step(record)
    if isinstance(step, Step):
        return
    scope = {"type": "yaat.unknown"}
    await step(app)(scope, receive, send)
    if seen != [({"type": "yaat.unknown"}, receive, send)]:
        pytest.fail(
            f"The middleware {record.name!r} has not passed on a connection that it does not know, or changed it."
        )


def _refuse_difference(first: str, expected: Iterable[Any], second: str, found: Iterable[Any]) -> None:
    """Fail when two apps differ, and say in what."""
    missing, more = set(expected) - set(found), set(found) - set(expected)
    if missing or more:
        pytest.fail(
            f"{first} has {sorted(missing)} which is not there {second}; that has {sorted(more)}.", pytrace=False
        )


def _find_module(plugin: Any) -> str:
    """Return the name of the module that *plugin* is, or is defined in."""
    name: str = plugin.__name__ if inspect.ismodule(plugin) else getattr(plugin, "__module__", type(plugin).__module__)
    return name


def _spell_target(plugin: Any) -> str:
    """Return *plugin* as an entry point names it."""
    module = _find_module(plugin)
    return f"{module}:{plugin.__qualname__}" if inspect.isclass(plugin) else module
