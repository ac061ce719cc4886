"""Which types are files."""

from typing import Any

import pytest

from yaat_typed.upload import is_upload


class UploadFile: ...


@pytest.mark.parametrize("kind", [UploadFile, UploadFile | None, list[UploadFile], list[UploadFile] | None], ids=str)
def test_classes_of_uploads_are_known_by_their_name(kind: Any) -> None:
    """Whichever package reads forms; alone, in a list, or missing."""
    assert is_upload(kind)


@pytest.mark.parametrize("kind", [str, list[str], None, Any, "UploadFile"], ids=str)
def test_others_are_not(kind: Any) -> None:
    """A text, for instance."""
    assert not is_upload(kind)
