"""What is imported from the package."""

import pytest

import yaat_staticfiles
from yaat_staticfiles.file_response import FileResponse
from yaat_staticfiles.staticfiles import StaticFiles


def test_names_that_bring_what_serves_files_are_those_of_their_modules() -> None:
    """They are imported when somebody asks for them, and the same ever after."""
    assert yaat_staticfiles.FileResponse is FileResponse
    assert yaat_staticfiles.StaticFiles is StaticFiles


def test_every_public_name_is_there() -> None:
    """`__all__` promises nothing that does not exist."""
    assert all(hasattr(yaat_staticfiles, name) for name in yaat_staticfiles.__all__)


def test_name_that_is_not_there_is_told_as_by_any_module() -> None:
    """So `hasattr` and `from … import` do what they always do."""
    with pytest.raises(AttributeError, match="module 'yaat_staticfiles' has no attribute 'Files'"):
        _ = yaat_staticfiles.Files  # type: ignore[attr-defined]  # the mistake under test
    with pytest.raises(ImportError, match="cannot import name 'Files'"):
        from yaat_staticfiles import Files  # type: ignore[attr-defined]  # noqa: F401, PLC0415  # as above
