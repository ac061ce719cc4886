"""Where templates are looked for, and in which order."""

from pathlib import Path

import jinja2
import pytest

from yaat.exceptions import ConfigurationError
from yaat_templates import SearchPath, TemplateMissing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two templates, one of them below another folder."""
    (tmp_path / "blog").mkdir()
    (tmp_path / "index.html").write_text("index of the folder", "utf-8")
    (tmp_path / "blog" / "post.html").write_text("post", "utf-8")
    return tmp_path


def test_first_source_that_has_a_template_wins(folder: Path) -> None:
    """An earlier place hides the same name in a later one, and only that name."""
    search = SearchPath([{"index.html": "mine"}, folder])
    assert (search.read("index.html"), search.read("blog/post.html")) == ("mine", "post")


@pytest.mark.parametrize("kind", [str, Path])
def test_folder_can_be_a_text_or_a_path(folder: Path, kind: type) -> None:
    """A folder is given in either form."""
    assert SearchPath([kind(folder)]).read("index.html") == "index of the folder"


def test_loader_of_jinja_is_taken_as_it_is() -> None:
    """Whatever Jinja can load from is a source."""
    loader = jinja2.PrefixLoader({"mail": jinja2.DictLoader({"hello.txt": "Hello"})})
    assert SearchPath([loader]).read("mail/hello.txt") == "Hello"


def test_folder_that_does_not_exist_is_refused_at_once(folder: Path) -> None:
    """A misspelt folder stops the set-up, with the folder as it was resolved and the way to write one."""
    with pytest.raises(ConfigurationError, match="There is no template folder") as caught:
        SearchPath([folder / "vews"])
    assert str(folder / "vews") in str(caught.value)
    assert "Path(__file__).parent / 'vews'" in str(caught.value)


def test_source_of_another_kind_is_refused() -> None:
    """What is no source is named, with the kinds that are."""
    with pytest.raises(ConfigurationError, match=r"a folder, a mapping .* or a loader, not 42"):
        SearchPath([42])  # type: ignore[list-item]  # the mistake under test


def test_missing_template_names_the_folders_and_what_is_similar(folder: Path) -> None:
    """The error for a misspelt name shows every place and the names that were probably meant."""
    with pytest.raises(TemplateMissing) as caught:
        SearchPath([folder, {"x": ""}]).read("blog/pots.html")
    assert str(caught.value).splitlines() == [
        "There is no template 'blog/pots.html'.",
        "Searched, in this order:",
        f"    {folder}",
        "    a mapping with 1 names",
        "Did you mean 'blog/post.html'?",
    ]


@pytest.mark.parametrize("name", ["../secret.html", "blog/../../secret.html", "/etc/passwd", "a\0b"])
def test_name_never_leads_out_of_the_folder(folder: Path, name: str) -> None:
    """A name from outside, even one with dots or NUL in it, finds nothing beside the folders."""
    (folder.parent / "secret.html").write_text("secret", "utf-8")
    with pytest.raises(TemplateMissing):
        SearchPath([folder]).read(name)


def test_places_describe_every_kind_of_loader() -> None:
    """Whatever the loader is, the error can say where it looks."""
    loader = jinja2.ChoiceLoader([jinja2.PackageLoader("jinja2", "."), jinja2.FunctionLoader(lambda name: None)])
    assert SearchPath([loader]).places == ["the package jinja2, folder .", "a FunctionLoader"]


def test_loader_that_cannot_list_its_names_does_not_spoil_the_message() -> None:
    """A loader that only answers for single names leaves the others' names to suggest."""
    search = SearchPath([jinja2.FunctionLoader(lambda name: None), {"index.html": ""}])
    assert search.list_templates() == ["index.html"]


def test_template_can_be_included_if_it_is_there() -> None:
    """`ignore missing` takes the error of this loader for what it is."""
    text = "{% include 'no.html' ignore missing %}after"
    environment = jinja2.Environment(loader=SearchPath([{"a.html": text}]), autoescape=True)
    assert environment.get_template("a.html").render() == "after"


def test_names_are_listed_once_and_sorted(folder: Path) -> None:
    """A name that several places have is one template."""
    search = SearchPath([folder, {"index.html": ""}])
    assert search.list_templates() == ["blog/post.html", "index.html"]
