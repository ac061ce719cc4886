"""The command `yaat` itself: its help, its version, slips, and commands of plugins."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from yaat_cli.main import COMMANDS, cli

Run = Callable[..., Result]
Write = Callable[[str, str], Path]

BROKEN = """
from yaat import Plugin, Yaat, hookimpl

class BrokenPlugin(Plugin):
    name = "broken"

    @hookimpl
    def yaat_register_routes(self, app):
        raise ValueError("out of order")

app = Yaat(plugins=[BrokenPlugin()], autoload=False)
"""


def test_help_lists_every_command(run: Run) -> None:
    """With what it does."""
    done = run("--help")
    assert done.exit_code == 0
    assert [name for name in COMMANDS if f"\n  {name}" not in done.output] == []
    assert "Commands of plugins" not in done.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(run: Run, name: str) -> None:
    """One sentence in the list and more of its own."""
    done = run(name, "--help")
    assert (done.exit_code, done.output.startswith(f"Usage: yaat {name}")) == (0, True)
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert all(parameter.help for parameter in command.params if isinstance(parameter, click.Option))


def test_version_names_the_core_too(run: Run) -> None:
    """Both are released on their own."""
    assert run("--version").output.startswith("yaat-cli 0.")


def test_a_slip_in_a_command_is_noticed(run: Run) -> None:
    """Did you mean …?"""
    done = run("rouets")
    assert (done.exit_code, done.output) == (1, "Error: There is no command 'rouets'.\nDid you mean 'routes'?\n")


def test_a_slip_in_an_option_is_noticed(run: Run) -> None:
    """Of a command, and in front of it."""
    done = run("routes", "--jsno")
    assert ("Did you mean" in done.output, "--json" in done.output) == (True, True)
    assert "No such option" in run("--verison").output


def test_what_is_like_no_command_gets_the_list(run: Run) -> None:
    """There is nothing to guess."""
    assert "The commands are: check, dev, explain" in run("zzzz").output


@pytest.mark.usefixtures("app")
def test_plugins_add_commands(run: Run) -> None:
    """They are run with the app and their arguments, and give the exit status."""
    done = run("greet", "Ada", "--fail")
    assert (done.output, done.exit_code) == ("Hello Ada --fail\n", 3)
    assert run("greet").exit_code == 0


@pytest.mark.usefixtures("app")
def test_commands_of_plugins_are_in_the_help(run: Run) -> None:
    """With the plugin that gives them."""
    assert "Commands of plugins:\n  greet  Greet somebody. (greet)" in run("--help").output
    assert "Did you mean 'greet'?" in run("gret").output


def test_a_command_of_click_gets_the_app(run: Run, write: Write) -> None:
    """As the object of its context, and with options of its own."""
    source = """
    import click
    from yaat import Plugin, Yaat, hookimpl
    from yaat.records import Command

    @click.command()
    @click.option("--times", default=1)
    @click.pass_obj
    def count(app, times):
        "Count the routes."
        click.echo(len(app.report.routes) * times)

    class CountPlugin(Plugin):
        name = "count"

        @hookimpl
        def yaat_register_commands(self):
            return Command(name="count", run=count)

    app = Yaat(plugins=[CountPlugin()], autoload=False)
    app.get("/")(lambda request: "Hello")
    """
    write("app.py", source)
    assert run("count", "--times", "3").output == "3\n"
    assert "count  Count the routes. (count)" in run("--help").output


@pytest.mark.parametrize("name", ["routes", "Not a name"])
def test_a_command_with_a_wrong_name_is_refused(run: Run, write: Write, name: str) -> None:
    """One of yaat's own, or none at all; the others go on working."""
    source = f"""
    from yaat import Plugin, Yaat, hookimpl
    from yaat.records import Command

    class OddPlugin(Plugin):
        name = "odd"

        @hookimpl
        def yaat_register_commands(self):
            return Command(name={name!r}, run=print)

    app = Yaat(plugins=[OddPlugin()], autoload=False)
    """
    write("app.py", source)
    assert "could not be asked" in run("--help").output
    assert run("routes").exit_code == 0


def test_a_command_that_fails_is_told_in_few_lines(run: Run, write: Write) -> None:
    """With the plugin it is of; what it says on purpose is left as it is."""
    source = """
    import click
    from yaat import Plugin, Yaat, hookimpl
    from yaat.records import Command

    class FailPlugin(Plugin):
        name = "fail"

        @hookimpl
        def yaat_register_commands(self):
            return [Command(name="fail", run=self.fail), Command(name="refuse", run=self.refuse)]

        def fail(self, app, arguments):
            return 1 / 0

        def refuse(self, app, arguments):
            raise click.UsageError("Not like this.")

    app = Yaat(plugins=[FailPlugin()], autoload=False)
    """
    write("app.py", source)
    done = run("fail")
    assert (done.exit_code, "The command 'fail' of plugin 'fail' failed.\napp.py:" in done.output) == (1, True)
    assert "ZeroDivisionError" in done.output
    assert "Error: Not like this." in run("refuse").output


def test_a_broken_plugin_breaks_no_help(run: Run, write: Write) -> None:
    """It is mentioned, and that is all."""
    write("app.py", BROKEN)
    assert "could not be asked. Say why: yaat plugins check" in run("--help").output
    assert run("--version").exit_code == 0
    assert "Or it is of a plugin, and those could not be asked:" in run("zzzz").output


def test_a_command_of_a_plugin_tells_why_it_is_not_there(run: Run, write: Write) -> None:
    """To install it again would not help an app that cannot be imported."""
    write("app.py", "1 / 0\n")
    output = run("openapi").output
    assert output.startswith("Error: The command 'openapi' is a plugin's, and those could not be asked.\n")
    assert ("ZeroDivisionError" in output, "pip install" in output) == (True, False)


def test_a_wrong_app_is_mentioned_by_the_help(run: Run) -> None:
    """Somebody has named it."""
    assert "could not be asked" in run("--app", "a b", "--help").output


def test_the_app_may_be_named_in_front(run: Run, write: Write) -> None:
    """For all commands, those of plugins included."""
    write("shop.py", "from yaat import Yaat\napp = Yaat(autoload=False)\napp.get('/shop')(lambda request: '')\n")
    assert "/shop" in run("--app", "shop", "routes").output
    assert "/shop" in run("routes", "--app", "shop:app").output


def test_it_runs_as_a_module() -> None:
    """Where its script is not on the path."""
    done = subprocess.run([sys.executable, "-m", "yaat_cli", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("yaat-cli ")
