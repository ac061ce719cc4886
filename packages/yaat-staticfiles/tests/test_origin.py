"""The line that a mistake is to be mended in."""

from pathlib import Path

from yaat_staticfiles import origin


def test_it_is_the_nearest_line_outside_of_yaat() -> None:
    """Whoever asks from outside is told of itself."""
    source = origin.find_caller()
    assert Path(source.file).name == "test_origin.py"


def test_code_without_an_outside_has_no_line() -> None:
    """Frames that are all within Yaat lead nowhere, which is said."""
    inside = compile("source = find_caller()", f"{Path(origin.__file__).parent}/frozen.py", "exec")
    names = {"find_caller": origin.find_caller}
    exec(inside, names)
    source = names["source"]
    assert "test_origin.py" in str(source)
