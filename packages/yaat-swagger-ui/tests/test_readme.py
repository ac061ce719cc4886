"""What the README shows is what happens."""

import re
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"


def test_sample_shows_what_a_page_needs(capsys: pytest.CaptureFixture[str]) -> None:
    """The sample prints the version of Swagger UI, and what a server says of its script."""
    [sample] = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    exec(compile(sample, "README.md", "exec"), {})
    version, name, media_type, size = capsys.readouterr().out.split()
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert re.fullmatch(r"swagger-ui-bundle\.[0-9a-f]{12}\.js", name)
    assert (media_type, int(size) > 1_000_000) == ("text/javascript", True)
