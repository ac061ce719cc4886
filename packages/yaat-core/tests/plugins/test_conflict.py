"""Records of one kind that answer to one key."""

from dataclasses import dataclass

import pytest

from yaat.exceptions import ConfigurationError, PluginError
from yaat.plugins import PluginErrors, check_unique
from yaat.provenance import APP, CORE, Owner, Source
from yaat.records import PathConverter

TOY = Owner(plugin="toy", distribution="yaat-toy", version="1.2")
DOLL = Owner(plugin="doll")


@dataclass(frozen=True, kw_only=True)
class Replaceable:
    """A record that the app may put in the place of another."""

    name: str
    owner: Owner = APP
    replaces: bool = False
    source: Source | None = None


def converter(name: str, owner: Owner) -> PathConverter:
    return PathConverter(name=name, parse=str, owner=owner)


def unique(*records: PathConverter | Replaceable) -> list[PathConverter | Replaceable]:
    return list(check_unique(records, key=lambda record: record.name, what="converter").values())


def refuse(*records: PathConverter | Replaceable) -> ConfigurationError:
    with pytest.raises(PluginErrors) as caught:
        unique(*records)
    (error,) = caught.value.errors
    return error


def test_records_come_back_by_their_key() -> None:
    """Where every key is there once, nothing is lost and the order is kept."""
    first, second = converter("b", TOY), converter("a", DOLL)
    assert check_unique([first, second], key=lambda c: c.name, what="converter") == {"b": first, "a": second}


def test_a_conflict_of_plugins_names_both_and_how_to_choose() -> None:
    """Neither wins silently; either can be blocked."""
    error = refuse(converter("slug", TOY), converter("slug", DOLL))
    assert isinstance(error, PluginError)
    assert str(error) == (
        "There are two of the converter 'slug': from plugin 'toy' (yaat-toy 1.2), and from plugin 'doll'.\n"
        "Plugins give them in their hook 'yaat_register_converters'.\n"
        'Choose one: Yaat(block=["toy"]) or Yaat(block=["doll"]).\n'
        "YAAT_BLOCK in the environment blocks as well."
    )


def test_a_conflict_inside_a_plugin_names_it_once() -> None:
    """A plugin that gives the same thing twice can only be blocked."""
    error = refuse(converter("slug", TOY), converter("slug", TOY))
    assert 'Choose one: Yaat(block=["toy"]).' in str(error)


def test_a_conflict_inside_the_app_is_no_error_of_a_plugin() -> None:
    """It is mended where it was written."""
    error = refuse(converter("slug", APP), converter("slug", APP))
    assert not isinstance(error, PluginError)
    assert str(error).endswith("from the app, and from the app.\nChoose one: take the other out.")


def test_a_conflict_with_the_core_says_so() -> None:
    """What the core brings cannot be blocked."""
    message = str(refuse(converter("int", CORE), converter("int", TOY)))
    assert "from the core, and from plugin 'toy'" in message
    assert 'Choose one: Yaat(block=["toy"]).' in message


def test_a_conflict_of_a_kind_of_two_words_names_its_hook() -> None:
    """The hook of response types is written with an underscore."""
    with pytest.raises(PluginErrors) as caught:
        check_unique([converter("x", TOY), converter("x", DOLL)], key=lambda c: c.name, what="response type")
    assert "\nPlugins give them in their hook 'yaat_register_response_types'.\n" in str(caught.value.errors[0])


def test_a_conflict_of_what_an_extension_collects_names_no_hook_of_the_core() -> None:
    """Only the extension knows which of its hooks they came from."""
    with pytest.raises(PluginErrors) as caught:
        check_unique([converter("x", TOY), converter("x", DOLL)], key=lambda c: c.name, what="menu entry")
    assert "in their hook" not in str(caught.value.errors[0])


def test_a_conflict_shows_the_lines() -> None:
    """Records that know where they were written say it."""
    line = Source("shop.py", 3)
    message = str(refuse(Replaceable(name="x", owner=TOY), Replaceable(name="x", source=line)))
    assert "and from the app at shop.py:3" in message
    assert "or replaces=True on one that the app adds itself." in message


@pytest.mark.parametrize("is_first", [True, False])
def test_the_app_replaces_what_a_plugin_gives(is_first: bool) -> None:
    """With `replaces=True` the app has the last word, whoever comes first."""
    own, other = Replaceable(name="x", replaces=True), Replaceable(name="x", owner=TOY)
    assert unique(*([own, other] if is_first else [other, own])) == [own]


@pytest.mark.parametrize("owners", [(APP, TOY), (TOY, APP)])
def test_the_app_replaces_nothing_of_a_kind_that_cannot_say_so(owners: tuple[Owner, Owner]) -> None:
    """Where records have no `replaces`, the app's own is one of two like any other."""
    message = str(refuse(*(converter("x", owner) for owner in owners)))
    assert 'Choose one: Yaat(block=["toy"]).' in message


def test_a_plugin_replaces_nothing() -> None:
    """Only the app may say that."""
    refuse(Replaceable(name="x", owner=DOLL), Replaceable(name="x", owner=TOY, replaces=True))


def test_the_app_does_not_replace_itself() -> None:
    """Two of the app's own are a slip, whatever they say."""
    message = str(refuse(Replaceable(name="x"), Replaceable(name="x", replaces=True)))
    assert "take the other out." in message


def test_every_conflict_is_said_at_once() -> None:
    """One look at the messages is enough to choose."""
    with pytest.raises(PluginErrors) as caught:
        unique(*(converter(name, owner) for owner in (TOY, DOLL) for name in "ab"))
    assert len(caught.value.errors) == 2
