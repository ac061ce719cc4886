"""Everything that can be wrong with installed plugins, as those see it who start an app with them.

Each environment has a plugin `good` beside the bad one, which must not be asked anything before all is well.
"""

from textwrap import indent
from typing import Any

import pytest


def only(messages: list[str]) -> str:
    (message,) = messages
    return message


def check(message: str, *facts: str, hook: str = "", name: str = "toy") -> None:
    """Check that *message* says which plugin of which distribution it is about, and how to go without it."""
    wanted = [f"{name!r} (yaat-{name} 1.2)", f'Yaat(block=["{name}"])', "YAAT_BLOCK", *([hook] if hook else []), *facts]
    assert [each for each in wanted if each not in message] == [], message


# --- what cannot be loaded ---


def test_an_import_that_fails(environment: Any) -> None:
    """What it raised is said, with the line."""
    environment.install_plugin("toy", "raise RuntimeError('no wheels')")
    message = only(environment.fail())
    check(message, "RuntimeError: no wheels", "yaat_toy.py:")


def test_code_that_is_not_valid(environment: Any) -> None:
    """The line is named, and for which Python to look."""
    environment.install_plugin("toy", "def broken(:")
    check(only(environment.fail()), "its code is not valid", "yaat_toy.py:5", "Install a version for Python 3.")


def test_a_dependency_that_is_missing(environment: Any) -> None:
    """The module is named, and how to get it."""
    environment.install_plugin("toy", "import nonexistent_wheels")
    check(only(environment.fail()), "needs the module 'nonexistent_wheels'", "pip install nonexistent_wheels")


def test_an_entry_point_that_leads_nowhere(environment: Any) -> None:
    """With what there is."""
    environment.install("yaat-toy", "class Plug(Plugin):\n    name = 'toy'\n", plugins={"toy": "yaat_toy:Plgu"})
    check(only(environment.fail()), "'yaat_toy:Plgu'", "Did you mean 'Plug'?")


def test_a_hook_api_that_this_core_does_not_have(environment: Any) -> None:
    """Who is too old is said by what to upgrade."""
    environment.install_plugin("toy", "hook_api = 2")
    check(
        only(environment.fail()), "is written for hook API 2, and this core has hook API 1", "pip install -U yaat-core"
    )


def test_a_core_that_is_out_of_range(environment: Any) -> None:
    """Nothing of it is imported, so nothing else can go wrong first."""
    environment.install_plugin("toy", "raise SystemExit('imported')", requires=["yaat-core>=99", "anything"])
    check(only(environment.fail()), "requires yaat-core>=99, and yaat-core ", "pip install -U yaat-toy yaat-core")


def test_a_constructor_that_raises(environment: Any) -> None:
    """Its settings are named, and not shown."""
    environment.install_plugin("toy", "def __init__(self, key):\n    raise ValueError('no key')")
    message = only(environment.fail("app = Yaat(settings={'toy': {'key': 'secret'}})"))
    check(message, "raised ValueError while it was made: no key", "Its settings were: key.")
    assert "secret" not in message


def test_settings_that_a_plugin_does_not_take(environment: Any) -> None:
    """With the ones that it takes."""
    environment.install_plugin("toy", "def __init__(self, *, colour='red'):\n    pass")
    message = only(environment.fail("app = Yaat(settings={'toy': {'color': 1}})"))
    check(message, "does not take these settings", "Did you mean 'colour'?")


def test_a_name_that_differs_from_the_entry_point(environment: Any) -> None:
    """One of the two is wrong, and only its author knows which."""
    environment.install("yaat-toy", "class P(Plugin):\n    name = 'doll'\n", plugins={"toy": "yaat_toy:P"})
    check(only(environment.fail()), "calls itself 'doll'", "A plugin has one name")


def test_something_that_is_no_plugin(environment: Any) -> None:
    """An object without hooks is probably the wrong one."""
    environment.install("yaat-toy", "thing = 5\n", plugins={"toy": "yaat_toy:thing"})
    check(only(environment.fail()), "is 5, which has no hooks")


# --- hooks that cannot be called ---


@pytest.mark.parametrize(
    ("body", "hook", "facts"),
    [
        (
            "@hookimpl\ndef yaat_register_route(self, app): pass",
            "yaat_register_route",
            ["Did you mean 'yaat_register_routes'?"],
        ),
        (
            "@hookimpl\ndef yaat_register_routes(self, ap): pass",
            "yaat_register_routes",
            ["'ap'", "Did you mean 'app'?"],
        ),
        (
            "@hookimpl\nasync def yaat_register_routes(self, app): pass",
            "yaat_register_routes",
            ["is async", "Lifespan"],
        ),
        ("def yaat_register_routes(self, app): pass", "yaat_register_routes", ["not marked", "@hookimpl"]),
        ("@hookimpl\ndef yaat_register_routes(self, *args): pass", "yaat_register_routes", ["'*args'"]),
        ("@hookimpl\ndef yaat_register_routes(self, app):\n    yield 1", "yaat_register_routes", ["is a generator"]),
        (
            "@hookimpl(wrapper=True)\ndef yaat_register_routes(self, app):\n    yield",
            "yaat_register_routes",
            ["is a wrapper"],
        ),
    ],
    ids=["unknown", "wrong argument", "async", "unmarked", "star", "generator", "wrapper"],
)
def test_a_hook_that_cannot_be_called(body: str, hook: str, facts: list[str], environment: Any) -> None:
    """It is found before any hook of any plugin runs."""
    environment.install_plugin("toy", body)
    check(only(environment.fail()), "yaat_toy.py:", *facts, hook=hook)
    assert environment.run().called == []


# --- plugins beside each other ---


def test_a_class_where_an_instance_is_due(environment: Any) -> None:
    """It is the app's own mistake, told where the app is made."""
    environment.install_plugin("toy")
    outcome = environment.run("from yaat_toy import P\napp = Yaat(plugins=[P])")
    assert only(outcome.errors) == "plugins= has the class P, and an instance is due. Write P()."
    assert outcome.is_group


def test_two_equal_plugins(environment: Any) -> None:
    """One object under two names would have its hooks called twice."""
    source = "class P:\n    @hookimpl\n    def yaat_configure(self, app): pass\n\nplugin = P()\n"
    environment.install("yaat-toy", source, plugins={"doll": "yaat_toy:plugin", "toy": "yaat_toy:plugin"})
    check(only(environment.fail()), "is the same object as plugin 'doll' (yaat-toy 1.2)")


def test_the_same_plugin_given_twice(environment: Any) -> None:
    """Once will do."""
    environment.install_plugin("toy")
    outcome = environment.run("app = Yaat(plugins=['toy', 'toy'])")
    assert only(outcome.errors) == "plugins= has the plugin 'toy' twice. Leave one out."


def test_one_name_in_two_distributions(environment: Any) -> None:
    """Both are named; which one was meant nobody can know."""
    environment.install_plugin("toy")
    environment.install("yaat-toybox", "class P(Plugin):\n    name = 'toy'\n", plugins={"toy": "yaat_toybox:P"})
    check(only(environment.fail()), "yaat-toy 1.2 (yaat_toy:P)", "yaat-toybox 1.2 (yaat_toybox:P)", "Uninstall one")


def test_a_cycle(environment: Any) -> None:
    """It is printed, with who says what."""
    environment.install_plugin("a", "before = ('b',)")
    environment.install_plugin("b", "before = ('c',)")
    environment.install_plugin("c", "requires = ('b',)\nbefore = ('a',)")
    check(only(environment.fail()), "a → b → c → a", "a says before b", "c says before a", name="a")


def test_a_plugin_that_is_required_and_not_there(environment: Any) -> None:
    """With what there is."""
    environment.install_plugin("toy", "requires = ('goood',)")
    check(only(environment.fail()), "requires the plugin 'goood', which is not there", "Did you mean 'good'?")


def test_a_plugin_that_is_required_and_blocked(environment: Any) -> None:
    """It is said who has blocked it."""
    environment.install_plugin("toy", "requires = ('good',)")
    check(
        only(environment.fail(YAAT_BLOCK="good")), "requires the plugin 'good', which is blocked: named in YAAT_BLOCK"
    )


def test_plugins_that_exclude_each_other(environment: Any) -> None:
    """As one of them says."""
    environment.install_plugin("toy", "conflicts = ('good',)")
    check(only(environment.fail()), "cannot work beside plugin 'good' (yaat-good 1.2)")


@pytest.mark.parametrize(
    ("hook", "record", "what"),
    [
        ("yaat_register_converters", "PathConverter(name='x', parse=str)", "converter 'x'"),
        (
            "yaat_register_response_types",
            "ResponseType(type=complex, convert=print)",
            "response type <class 'complex'>",
        ),
        ("yaat_register_body_parsers", "BodyParser(media_type='text/x', parse=print)", "body parser 'text/x'"),
        ("yaat_register_protocols", "Protocol(name='x', make_endpoint=print, make_fallback=print)", "protocol 'x'"),
        ("yaat_register_exception_handlers", "ExceptionHandler(key=404, handler=print)", "exception handler 404"),
        ("yaat_register_parameter_resolvers", "ParameterResolver(name='x', resolve=print)", "parameter resolver 'x'"),
        ("yaat_register_return_converters", "ReturnConverter(name='x', resolve=print)", "return converter 'x'"),
    ],
    ids=lambda value: value if value.startswith("yaat_") else "",
)
def test_two_records_that_claim_the_same(hook: str, record: str, what: str, environment: Any) -> None:
    """Both plugins are named, and either can be blocked."""
    body = f"@hookimpl\ndef {hook}(self, app):\n    from yaat import records\n    return records.{record}"
    environment.install_plugin("toy", body)
    environment.install_plugin("doll", body)
    message = only(environment.fail())
    check(message, f"There are two of the {what}", hook=hook)
    check(message, hook=hook, name="doll")


def test_two_routes_that_answer_the_same(environment: Any) -> None:
    """The shape counts, not the names of the parameters."""
    route = "Route(path='/x/{PLACE}', handler=lambda request, PLACE: '')"
    body = f"@hookimpl\ndef yaat_register_routes(self, app):\n    return {route}"
    environment.install_plugin("toy", body.replace("PLACE", "a"))
    environment.install_plugin("doll", body.replace("PLACE", "b"))
    outcome = environment.run()
    message = only(outcome.errors)
    assert "Two routes answer GET /x/" in message
    assert "'toy' (yaat-toy 1.2)" in message
    assert "'doll' (yaat-doll 1.2)" in message
    assert "block one plugin" in message
    assert outcome.is_repeated


def test_two_apps_mounted_at_one_place(environment: Any) -> None:
    """One of them could never be reached."""
    body = "@hookimpl\ndef yaat_register_routes(self, app):\n    from yaat.routing import Mount\n"
    body += "    async def served(scope, receive, send): pass\n    return Mount(path='/x', app=served)"
    environment.install_plugin("toy", body)
    environment.install_plugin("doll", body)
    outcome = environment.run()
    message = only(outcome.errors)
    assert "Two apps are mounted at /x" in message
    assert "'toy' (yaat-toy 1.2)" in message
    assert "'doll' (yaat-doll 1.2)" in message
    assert outcome.is_repeated


def test_middleware_that_cannot_be_put_in_order(environment: Any) -> None:
    """The circle is printed, with who asks what."""
    record = "Middleware(around, name=NAME, before=[OTHER])"
    body = f"@hookimpl\ndef yaat_register_middleware(self, app):\n    return {record}\n"
    source = "def around(request):\n    yield\n\nclass P(Plugin):\n    name = NAME\n"
    for name, other in (("toy", "doll"), ("doll", "toy")):
        code = f"NAME, OTHER = {name!r}, {other!r}\n{source}" + indent(body, "    ")
        environment.install(f"yaat-{name}", code, plugins={name: f"yaat_{name}:P"})
    outcome = environment.run()
    message = only(outcome.errors)
    assert "The middleware cannot be put in order, outermost first: doll → toy → doll" in message
    assert "before='toy' was added by plugin 'doll' (yaat-doll 1.2)" in message
    assert "before='doll' was added by plugin 'toy' (yaat-toy 1.2)" in message
    assert outcome.is_repeated


# --- hooks that fail ---


@pytest.mark.parametrize(
    "hook", ["yaat_addhooks", "yaat_plugin_registered", "yaat_configure", "yaat_register_routes", "yaat_modify_routes"]
)
def test_a_hook_that_raises(hook: str, environment: Any) -> None:
    """What and where is said, whenever it is called."""
    environment.install_plugin("toy", f"@hookimpl\ndef {hook}(self):\n    raise ValueError('no wheels')")
    messages = set(environment.fail())
    check(messages.pop(), "raised ValueError", "no wheels", "yaat_toy.py:7", hook=hook)
    assert not messages


@pytest.mark.parametrize("hook", ["yaat_wrap_endpoint", "yaat_app_built"])
def test_a_hook_that_raises_late(hook: str, environment: Any) -> None:
    """When everything is collected and routes are compiled, or even later."""
    body = f"@hookimpl\ndef {hook}(self):\n    raise ValueError('no wheels')"
    routes = "\n@hookimpl\ndef yaat_register_routes(self):\n    return Route(path='/', handler=lambda request: '')"
    environment.install_plugin("toy", body + routes)
    outcome = environment.run()
    check(only(outcome.errors), "raised ValueError", "no wheels", hook=hook)
    assert outcome.is_group
    assert outcome.is_repeated


@pytest.mark.parametrize(
    ("hook", "rubbish", "shown"),
    [
        ("yaat_register_routes", "5", "gave 5 from"),
        ("yaat_register_routes", "'/path'", "gave '/path' from"),
        ("yaat_register_routes", "[Route(path='/', handler=print), None]", "gave None from"),
        ("yaat_register_middleware", "Route(path='/', handler=print)", "Return Middleware, or None."),
        ("yaat_json_codec", "'json'", "Return JSONCodec, or None."),
        ("yaat_modify_routes", "[5]", "gave 5 from"),
        ("yaat_configure", "True", "Return nothing."),
    ],
)
def test_a_hook_that_gives_rubbish(hook: str, rubbish: str, shown: str, environment: Any) -> None:
    """What it gave is shown, and what is due."""
    environment.install_plugin("toy", f"@hookimpl\ndef {hook}(self):\n    return {rubbish}")
    check(only(environment.fail()), shown, hook=hook)


# --- all together ---


def test_all_that_is_wrong_is_told_at_once(environment: Any) -> None:
    """Whoever mends it does not have to start the app once for each mistake; and no hook has run."""
    environment.install_plugin("a", "raise RuntimeError('no wheels')")
    environment.install_plugin("b", "hook_api = 2")
    environment.install_plugin("c", "@hookimpl\nasync def yaat_configure(self): pass")
    environment.install_plugin("d", "@hookimpl\ndef yaat_confgure(self): pass\nrequires = ('nobody',)")
    messages = environment.fail()
    assert len(messages) == 5
    for name in "abcd":
        check("\n".join(messages), name=name)
    assert environment.run().called == []


def test_a_server_is_told_why_the_app_does_not_start(environment: Any) -> None:
    """In the words of the messages."""
    environment.install_plugin("toy", "hook_api = 2")
    [failed] = environment.run().life
    assert failed["type"] == "lifespan.startup.failed"
    check(failed["message"], "is written for hook API 2")


@pytest.mark.parametrize("switch", ["block", "environment"])
def test_the_switches_of_the_messages_work(switch: str, environment: Any) -> None:
    """The app is built without the bad plugin, and with the good one; nothing of the bad one is imported."""
    environment.install_plugin("toy", "raise RuntimeError('no wheels')")
    is_block = switch == "block"
    outcome = environment.run("app = Yaat(block=['toy'])") if is_block else environment.run(YAAT_BLOCK="toy")
    assert (outcome.errors, outcome.active, outcome.called) == ([], ["good"], ["yaat_configure"])


def test_without_autoloading_nothing_of_it_matters(environment: Any) -> None:
    """The operator can say so too."""
    environment.install_plugin("toy", "raise RuntimeError('no wheels')")
    assert environment.run(YAAT_AUTOLOAD="0").active == environment.run("app = Yaat(autoload=False)").active == []


@pytest.mark.parametrize(
    "body",
    [
        "raise RuntimeError('no wheels')",
        "hook_api = 2",
        "@hookimpl\nasync def yaat_configure(self): pass",
        "@hookimpl\ndef yaat_register_routes(self):\n    return 5",
        "@hookimpl\ndef yaat_register_routes(self):\n    raise ValueError('no wheels')",
    ],
)
def test_an_app_can_go_on_without_what_is_broken(body: str, environment: Any) -> None:
    """With a warning that says the same, and with nothing of it left."""
    environment.install_plugin("toy", body)
    outcome = environment.run("app = Yaat(on_plugin_error='warn')")
    assert (outcome.errors, outcome.active) == ([], ["good"])
    check(only(outcome.warnings), "Left out: ")


# --- lifespans ---


LIFESPAN = """
@hookimpl
def yaat_register_lifespans(self, app):
    from contextlib import asynccontextmanager
    from yaat.records import Lifespan

    @asynccontextmanager
    async def run(app):
        {before}
        yield {given}
        {after}

    return Lifespan(name="engine", context={context})
"""


@pytest.mark.parametrize(
    ("parts", "facts"),
    [
        ({"before": "raise OSError('no road')"}, ["no road", "lifespan 'engine'"]),
        ({"given": "5"}, ["yielded 5", "Yield a mapping"]),
        ({"before": "return"}, ["lifespan 'engine'"]),
        ({"context": "lambda app: 5"}, ["lifespan 'engine'"]),
    ],
    ids=["raises", "yields rubbish", "does not yield", "is no context manager"],
)
def test_a_lifespan_that_cannot_begin(parts: dict[str, str], facts: list[str], environment: Any) -> None:
    """The server hears which plugin it was, and does not start the app."""
    values = {"before": "pass", "given": "None", "after": "pass", "context": "run", **parts}
    environment.install_plugin("toy", LIFESPAN.format(**values))
    outcome = environment.run()
    assert outcome.errors == []
    failed = outcome.life[0]
    assert failed["type"] == "lifespan.startup.failed"
    facts = [*facts, "'toy' (yaat-toy 1.2)", 'Yaat(block=["toy"])', "YAAT_BLOCK=toy"]
    assert [each for each in facts if each not in failed["message"]] == [], failed["message"]


@pytest.mark.parametrize("after", ["raise OSError('no road')", "yield"], ids=["raises", "yields twice"])
def test_a_lifespan_that_cannot_end(after: str, environment: Any) -> None:
    """The server hears which plugin it was."""
    environment.install_plugin("toy", LIFESPAN.format(before="pass", given="None", after=after, context="run"))
    started, failed = environment.run().life
    assert (started["type"], failed["type"]) == ("lifespan.startup.complete", "lifespan.shutdown.failed")
    assert "lifespan 'engine' of plugin 'toy' (yaat-toy 1.2)" in failed["message"]
    assert "YAAT_BLOCK=toy" in failed["message"]
