"""What the README shows is what happens."""

import re
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from yaat_cli.main import COMMANDS

Run = Callable[..., Result]
Write = Callable[[str, str], Path]
README = (Path(__file__).parent.parent / "README.md").read_text()


def test_its_sample_adds_a_command(run: Run, write: Write) -> None:
    """It greets."""
    [sample] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    write("app.py", sample.replace("Yaat(plugins=", "Yaat(autoload=False, plugins="))
    assert run("greet", "Ada").output == "Hello Ada\n"


def test_it_names_every_command() -> None:
    """None is left for people to find out."""
    assert [name for name in COMMANDS if f"`yaat {name}" not in README] == []
    settings = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    assert settings == ['[tool.yaat]\napp = "shop.web:app"\n']
