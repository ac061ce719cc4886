"""Plugins stand as requires, before and after say, absent names aside; and otherwise as they were given."""

from yaat import Plugin, hookimpl

CALLED = []


class Ordered(Plugin):
    def __init__(self, name, **said):
        self.name = name
        for attribute, value in said.items():
            setattr(self, attribute, value)

    @hookimpl
    def yaat_configure(self, app):
        CALLED.append(self.name)


class Early(Ordered):
    @hookimpl(tryfirst=True)
    def yaat_configure(self, app):
        CALLED.append(self.name)


class Late(Ordered):
    @hookimpl(trylast=True)
    def yaat_configure(self, app):
        CALLED.append(self.name)


PLUGINS = [
    Late("late"),
    Ordered("c", after=("b", "nobody")),
    Ordered("a", before=("b", "nobody")),
    Ordered("b", requires=("a",)),
    Early("early"),
]


def prove(app, client):
    assert list(app.manager.plugins) == ["late", "a", "b", "c", "early"]
    assert CALLED == ["early", "a", "b", "c", "late"]
