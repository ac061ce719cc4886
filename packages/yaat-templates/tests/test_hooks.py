"""The hooks that this package adds, and what their documentation promises."""

import inspect
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from yaat import Plugin, Yaat
from yaat_templates import TemplatesPlugin
from yaat_templates.hooks import TemplateHooks

HOOKS = [name for name in vars(TemplateHooks) if name.startswith("yaat_")]


def read_example(hook: str) -> str:
    """Return the code of the example that documents a hook."""
    text = inspect.getdoc(getattr(TemplateHooks, hook)) or ""
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found, f"{hook} has no example"
    return textwrap.dedent(found[1])


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("section", ["Args:", "Returns:", "Order:", "Example:", "Added in yaat-templates "])
def test_documentation_of_a_hook_is_complete(hook: str, section: str) -> None:
    """Each hook says what it is given, what it gives, in which order, and shows it."""
    assert section in (inspect.getdoc(getattr(TemplateHooks, hook)) or "")


@pytest.mark.parametrize("hook", HOOKS)
def test_example_of_a_hook_runs(hook: str, tmp_path: Path) -> None:
    """What the documentation shows is a plugin that an app can be built with."""
    (tmp_path / "stats.html").write_text("{{ site_name }}", "utf-8")
    names: dict[str, Any] = {"__file__": str(tmp_path / "plugin.py")}
    exec(read_example(hook), names)
    [plugin] = [
        each for each in names.values() if isinstance(each, type) and issubclass(each, Plugin) and each is not Plugin
    ]
    app = Yaat(autoload=False, plugins=[TemplatesPlugin({"a.html": "$request"}), plugin()])
    app.build()
    assert app.manager.hooks[hook][0] == plugin.name
    assert app.extensions["templates"].render("a.html") in ("$request", "None")
