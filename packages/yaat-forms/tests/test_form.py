"""A form as a mapping."""

from yaat.threads import ThreadLimiter
from yaat_forms import Form, UploadFile
from yaat_forms.part_head import PartHead
from yaat_forms.spool import Spool


def make_upload(threads: ThreadLimiter) -> UploadFile:
    head = PartHead("f", "a.txt")
    return UploadFile(head, Spool(threads, max_memory_bytes=10))


def test_name_gives_its_last_value() -> None:
    """A form is a mapping, as the parameters of a query are."""
    form = Form([("a", "1"), ("b", "2"), ("a", "3")])
    assert form["a"] == "3"
    assert dict(form) == {"a": "3", "b": "2"}


def test_all_values_of_a_name_are_there() -> None:
    """`get_all` gives all values, and so does the name that it has elsewhere."""
    form = Form([("a", "1"), ("b", "2"), ("a", "3")])
    assert form.get_all("a") == form.getlist("a") == ["1", "3"]
    assert form.getlist("c") == []


def test_fields_and_files_can_be_taken_alone(threads: ThreadLimiter) -> None:
    """Each kind is a mapping of its own, so nobody has to ask what a value is."""
    upload = make_upload(threads)
    form = Form([("a", "1"), ("f", upload), ("a", "2")])
    assert form.fields.multi_items() == [("a", "1"), ("a", "2")]
    assert form.files.multi_items() == [("f", upload)]


def test_text_for_logs_shows_no_values() -> None:
    """What somebody typed into a form may be a password."""
    assert repr(Form([("user", "me"), ("password", "secret")])) == "<Form ['user', 'password']>"
