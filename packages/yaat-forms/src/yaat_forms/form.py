"""This file is the form: the names of its fields and files, with what they hold."""

from yaat.multidict import MultiDict

from .upload import UploadFile


class Form(MultiDict[str | UploadFile]):
    """What came in a form, in its order: text for a field, an `UploadFile` for a file.

    `form["name"]` is the last value of a name, `form.get_all("name")` all of them.
    """

    __slots__ = ()

    def getlist(self, key: str) -> list[str | UploadFile]:
        """Return what `get_all` does; the name that users of Starlette and Flask know."""
        return self.get_all(key)

    @property
    def fields(self) -> MultiDict[str]:
        """The fields alone."""
        return MultiDict((name, value) for name, value in self.multi_items() if isinstance(value, str))

    @property
    def files(self) -> MultiDict[UploadFile]:
        """The files alone."""
        return MultiDict((name, value) for name, value in self.multi_items() if isinstance(value, UploadFile))

    def __repr__(self) -> str:
        """The names alone: what fields hold may be secret, and this text ends up in logs."""
        return f"<{type(self).__name__} {list(self)!r:.500}>"
