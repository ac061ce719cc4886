"""What is imported from the package."""

import pytest

import yaat_templates
from yaat_templates.exceptions import TemplateMissing
from yaat_templates.loader import SearchPath


def test_names_that_bring_jinja_are_those_of_their_modules() -> None:
    """They are imported when somebody asks for them, and the same ever after."""
    assert yaat_templates.TemplateMissing is TemplateMissing
    assert yaat_templates.SearchPath is SearchPath
    assert yaat_templates.Jinja2Template is yaat_templates.Jinja2Templates


def test_every_public_name_is_there() -> None:
    """`__all__` promises nothing that does not exist."""
    assert all(hasattr(yaat_templates, name) for name in yaat_templates.__all__)


def test_name_that_is_not_there_is_told_as_by_any_module() -> None:
    """So `hasattr` and `from … import` do what they always do."""
    with pytest.raises(AttributeError, match="module 'yaat_templates' has no attribute 'Template'"):
        _ = yaat_templates.Template  # type: ignore[attr-defined]  # the mistake under test
    with pytest.raises(ImportError, match="cannot import name 'Template'"):
        from yaat_templates import Template  # type: ignore[attr-defined]  # noqa: F401, PLC0415  # as above
