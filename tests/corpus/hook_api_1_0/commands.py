"""A plugin gives commands to whoever asks for them, knowing which names are taken, and they run with the built app."""

from yaat import Plugin, hookimpl
from yaat.records import Command


class Counting(Plugin):
    name = "counting"

    @hookimpl
    def yaat_register_commands(self, commands):
        name = "count" if "count" not in commands else "count-routes"
        return [Command(name=name, run=self.count, summary="Count the routes.")]

    def count(self, app, arguments):
        return len(app.report.routes) + len(arguments)


PLUGINS = [Counting()]


def prove(app, client):
    [command] = app.manager.collect("yaat_register_commands", expect=Command, commands=("count", "routes"))
    assert (command.name, command.summary, command.owner.plugin) == ("count-routes", "Count the routes.", "counting")
    assert command.run(app, ["one"]) == 1
