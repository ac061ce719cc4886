"""What is said of a template or a block that is not there."""

from yaat_templates.exceptions import BlockMissing, TemplateMissing, suggest


def test_missing_template_names_the_places_in_the_order_of_the_search() -> None:
    """The message shows where was looked, first place first."""
    error = TemplateMissing("a.html", ["/views", "/more"], list)
    assert str(error).splitlines()[1:4] == ["Searched, in this order:", "    /views", "    /more"]


def test_missing_template_without_any_place_says_how_to_give_one() -> None:
    """Where no folder is known at all, the message says so instead of listing none."""
    assert "give one, as in TemplatesPlugin('views')" in str(TemplateMissing("a.html", [], list))


def test_missing_template_lists_names_only_when_somebody_reads_the_message() -> None:
    """Listing walks whole folders, so an include that may be missing does not do it."""
    asked: list[str] = []

    def list_names() -> list[str]:
        asked.append("names")
        return ["a.html"]

    error = TemplateMissing("b.html", ["/views"], list_names)
    assert not asked
    assert "Did you mean 'a.html'?" in str(error)


def test_missing_block_leads_to_the_one_that_was_meant() -> None:
    """The message of a missing block suggests the names that are most like it."""
    error = BlockMissing("rows", "page.html", ["row", "head"])
    assert str(error) == "The template 'page.html' has no block 'rows'. Did you mean 'row'?"


def test_suggestion_lists_a_few_names_when_none_is_similar() -> None:
    """Without a similar name the known ones are listed, the first twenty of them."""
    names = [f"name{number:02}" for number in range(25)]
    text = suggest("xyz", names, label="Templates")
    assert text.startswith("Templates there: name00, ")
    assert text.endswith("name19 and 5 more.")


def test_suggestion_says_when_there_is_nothing_to_choose_from() -> None:
    """An empty folder is told from a misspelt name."""
    assert suggest("xyz", [], label="Templates") == "Templates there: none."
