"""How it is said that plugins cannot be used."""

import warnings
from collections.abc import Iterator

import pytest

from yaat.exceptions import ConfigurationError, PluginError, RouteConflict
from yaat.plugins import BrokenPlugin, PluginErrors, PluginWarning, blame_plugins, excuse
from yaat.plugins.problem import find_raise_site, gather, raise_together, suggest
from yaat.provenance import APP, CORE, Owner, Source
from yaat.similar import find_similar

TOY = Owner(plugin="toy", distribution="yaat-toy", version="1.2")
DOLL = Owner(plugin="doll")


def test_an_error_says_what_where_and_how_to_mend_it() -> None:
    """The message names plugin, distribution and version, the line, the fix, and the switch that turns it off."""
    error = BrokenPlugin(TOY, "is broken", where=Source("toy.py", 7), fix="Glue it.")
    assert str(error) == (
        "Plugin 'toy' (yaat-toy 1.2) is broken.\n"
        "    at toy.py:7\n"
        "Glue it.\n"
        'To go without it: Yaat(block=["toy"]), or YAAT_BLOCK=toy in the environment.'
    )


def test_an_error_leaves_out_what_is_not_known() -> None:
    """A plugin that is of no distribution is named by its name alone."""
    assert str(BrokenPlugin(DOLL, "is broken", fix="Glue it.")).startswith("Plugin 'doll' is broken.\nGlue it.\n")


def test_an_error_ends_in_one_full_stop() -> None:
    """What was raised by others may bring its own."""
    assert " is broken.\n" in str(BrokenPlugin(TOY, "is broken.", fix="Glue it."))


def test_errors_are_raised_together() -> None:
    """One group holds all the errors, in order."""
    first, second = BrokenPlugin(TOY, "is broken", fix="Glue it."), ConfigurationError("x")
    with pytest.raises(PluginErrors, match="2 problems with plugins") as caught:
        raise_together([first, second])
    assert caught.value.errors == (first, second)


def test_one_error_is_a_group_too() -> None:
    """Whoever catches the errors of plugins has one thing to catch."""
    with pytest.raises(PluginErrors, match="A problem with plugins"):
        raise_together([ConfigurationError("x")])


def test_no_errors_raise_nothing() -> None:
    """Without errors there is no group."""
    raise_together([])


def test_the_group_is_a_configuration_error() -> None:
    """`except ConfigurationError` catches the errors of plugins with all others of the set-up."""
    with pytest.raises(ConfigurationError):
        raise_together([ConfigurationError("x")])


def test_the_group_can_be_split() -> None:
    """`except*` works on it, and what it leaves is a group of the same kind."""
    broken = BrokenPlugin(TOY, "is broken", fix="Glue it.")
    group = PluginErrors("m", [broken, ConfigurationError("x")])
    match, _ = group.split(PluginError)
    assert isinstance(match, PluginErrors)
    assert match.errors == (broken,)


def test_gathering_goes_on_after_an_error() -> None:
    """Errors raised inside are put on the list, one by one or as a group."""
    broken = BrokenPlugin(TOY, "is broken", fix="Glue it.")
    errors: list[ConfigurationError] = []
    for error in (broken, PluginErrors("m", [broken])):
        with gather(errors):
            raise error
    assert errors == [broken, broken]


def test_gathering_leaves_other_exceptions_alone() -> None:
    """A mistake in Yaat itself is not blamed on a plugin."""
    with pytest.raises(ZeroDivisionError), gather([]):
        _ = 1 / 0


def test_excused_plugins_are_warned_of() -> None:
    """Leaving a plugin out is never silent."""
    broken = BrokenPlugin(TOY, "is broken", fix="Glue it.")
    with pytest.warns(PluginWarning, match="Left out: Plugin 'toy'"):
        assert excuse(PluginErrors("m", [broken]), {"toy"}) == {"toy": broken}


@pytest.mark.parametrize("other", [BrokenPlugin(DOLL, "is broken", fix="Glue it."), ConfigurationError("x")])
def test_one_error_that_cannot_be_excused_keeps_all(other: ConfigurationError) -> None:
    """Nothing is left out, and nothing is warned of, when the app cannot go on anyway."""
    group = PluginErrors("m", [BrokenPlugin(TOY, "is broken", fix="Glue it."), other])
    with warnings.catch_warnings(), pytest.raises(PluginErrors) as caught:
        excuse(group, {"toy"})
    assert caught.value is group


def test_an_error_that_plugins_have_a_part_in_is_one_of_plugins() -> None:
    """The message says how to go without each of them, once."""
    with pytest.raises(PluginErrors) as caught, blame_plugins():
        raise RouteConflict("Two routes answer.", (APP, TOY, DOLL, TOY, CORE))
    (error,) = caught.value.errors
    assert isinstance(error, RouteConflict)
    assert str(error) == (
        "Two routes answer.\n"
        'To go without it: Yaat(block=["toy"]), or YAAT_BLOCK=toy in the environment.\n'
        'To go without it: Yaat(block=["doll"]), or YAAT_BLOCK=doll in the environment.'
    )


def test_an_error_that_no_plugin_has_a_part_in_stays_as_it_is() -> None:
    """It is mended in the app."""
    error = RouteConflict("Two routes answer.", (APP, APP))
    with pytest.raises(RouteConflict) as caught, blame_plugins():
        raise error
    assert caught.value is error
    assert str(error) == "Two routes answer."


@pytest.mark.parametrize(
    ("word", "sentence"),
    [("aplpe", "Did you mean 'apple'?"), ("zebra", "The fruits are: apple, pear.")],
)
def test_a_misspelt_word_leads_to_the_right_one(word: str, sentence: str) -> None:
    """The most similar word is suggested; without one, all are named in order."""
    assert suggest(word, ["pear", "apple"], label="The fruits") == sentence


def test_a_word_among_none_leads_nowhere() -> None:
    """That there is nothing to choose from is said."""
    assert suggest("apple", [], label="The fruits") == "The fruits: there are none."


def test_only_full_stops_are_taken_off_a_sentence() -> None:
    """What it ends with stays."""
    assert " is of the class X.\n" in str(BrokenPlugin(TOY, "is of the class X.", fix="Glue it."))


def test_nothing_similar_is_none() -> None:
    """A word that is like no other has no suggestion."""
    assert find_similar("zebra", ["apple"]) is None


def test_the_place_of_an_exception_is_the_first_line_outside_the_core() -> None:
    """What a plugin did is of interest, and not how Yaat or the import system got there."""

    def break_down() -> Iterator[ConfigurationError]:
        yield errors["none"]

    errors: dict[str, ConfigurationError] = {}

    with pytest.raises(KeyError) as caught:
        raise_together(break_down())
    as_caught_in_the_core = caught.value.with_traceback(caught.tb.tb_next)
    assert find_raise_site(as_caught_in_the_core) == Source(__file__, break_down.__code__.co_firstlineno + 1)


def test_code_that_is_of_no_module_is_somebody_elses() -> None:
    """What is run from a text has no name, and a place all the same."""
    with pytest.raises(ValueError, match="wheels") as caught:
        exec("raise ValueError('wheels')", {})
    assert find_raise_site(caught.value.with_traceback(caught.tb.tb_next)) == Source("<string>", 1)


def test_the_place_of_a_syntax_error_is_in_the_code_that_is_wrong() -> None:
    """The file that cannot be parsed never ran, so no frame is of it."""
    assert find_raise_site(SyntaxError("bad", ("toy.py", 3, 1, "x ="))) == Source("toy.py", 3)
    assert find_raise_site(SyntaxError("bad", ("toy.py", None, 1, "x ="))) == Source("toy.py", 0)


def test_an_exception_that_was_not_raised_has_no_place() -> None:
    """Without a traceback there is no line to name."""
    assert find_raise_site(ValueError("x")) is None
