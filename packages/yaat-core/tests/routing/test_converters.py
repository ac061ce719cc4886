"""Path converters of several apps beside each other, and the message for one that nobody knows."""

from yaat.provenance import CORE, Source
from yaat.records import PathConverter
from yaat.routing.built_in import BUILT_IN
from yaat.routing.converters import ConverterIndex, explain_converter
from yaat.routing.route import Mount, Route
from yaat.routing.template import parse_template

CONVERTERS = {converter.name: converter for converter in BUILT_IN}
ROOT = {**CONVERTERS, "slug": PathConverter(name="slug", parse=str.lower)}


class TestConverterIndex:
    """Several apps in one table."""

    def qualify(self, index: ConverterIndex, path: str, converters: dict[str, PathConverter]) -> str:
        return str(index.qualify(parse_template(path), converters))

    def test_the_outermost_app_keeps_its_names(self) -> None:
        """Converters of the outermost app and built-in ones keep their names."""
        index = ConverterIndex(ROOT)
        assert self.qualify(index, "/{a:slug}/{b:int}/{c}", ROOT) == "/{a:slug}/{b:int}/{c}"

    def test_two_converters_of_one_name_stay_apart(self) -> None:
        """A mounted app may give a name that the outer app uses too to a converter of its own."""
        index = ConverterIndex(ROOT)
        inner = {**CONVERTERS, "slug": PathConverter(name="slug", parse=str.upper)}
        name = self.qualify(index, "/{a:slug}", inner)[4:-1]
        assert (index.parsers["slug"]("aB"), index.parsers[name]("aB")) == ("ab", "AB")

    def test_any_number_of_converters_of_one_name_stay_apart(self) -> None:
        """However many apps give a name to something of their own, each of them gets its own."""
        index = ConverterIndex(ROOT)
        apps = [{"slug": PathConverter(name="slug", parse=parse)} for parse in (str.upper, str.title, str.swapcase)]
        names = [self.qualify(index, "/{a:slug}", app)[4:-1] for app in apps]
        assert [index.parsers[name]("aB c") for name in names] == ["AB C", "Ab C", "Ab C"]
        assert [self.qualify(index, "/{a:slug}", app)[4:-1] for app in apps] == names

    def test_one_converter_in_two_apps_is_one(self) -> None:
        """The same record in two apps is the same converter, so equal paths are seen to be equal."""
        index = ConverterIndex(ROOT)
        assert self.qualify(index, "/{a:slug}", dict(ROOT)) == "/{a:slug}"

    def test_added_converters_come_before_the_built_in_ones(self) -> None:
        """Where several accept a text, what apps and plugins added is tried first: it is more special."""
        assert next(iter(ConverterIndex(ROOT).parsers)) == "slug"


class TestExplainConverter:
    """The message for an unknown converter."""

    def explain(self, path: str, name: str) -> str:
        return explain_converter(name, Route(path=path, handler=print, source=Source("shop.py", 12)), CONVERTERS)

    def test_it_shows_the_place_and_what_there_is(self) -> None:
        """It names the line, points at the converter, lists the known ones and guesses which was meant."""
        assert self.explain("/items/{id:integer}", "integer") == (
            "Unknown converter 'integer' in the path added at shop.py:12 by the app.\n"
            "    /items/{id:integer}\n"
            "               ^^^^^^^\n"
            "Known converters: date, datetime, float, int, path, str, uuid. Did you mean 'int'?"
        )

    def test_it_guesses_what_is_only_somewhat_similar(self) -> None:
        """There are few converters, so a name that shares its beginning with one is enough for a guess."""
        assert self.explain("/{id:integral}", "integral").endswith("Did you mean 'int'?")

    def test_it_points_at_the_first_of_several(self) -> None:
        """A converter that occurs twice is shown where it occurs first."""
        assert "\n    /{a:zzz}/{b:zzz}\n        ^^^\n" in self.explain("/{a:zzz}/{b:zzz}", "zzz")

    def test_it_guesses_nothing_when_nothing_is_similar(self) -> None:
        """It leaves out the guess when no name is similar."""
        assert self.explain("/{id:zzz}", "zzz").endswith("str, uuid.")

    def test_it_shows_no_place_when_the_converter_stands_elsewhere(self) -> None:
        """It shows no caret when the converter is part of another prefix."""
        mount = Mount(path="/x", app=print, owner=CORE)
        assert explain_converter("zzz", mount, CONVERTERS).startswith(
            "Unknown converter 'zzz' in the path added by plugin 'core'.\nKnown"
        )
