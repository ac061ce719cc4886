"""This file is what an app can say about its templates: where they are, and how Jinja reads and renders them."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

from yaat.record import EMPTY, frozen

if TYPE_CHECKING:
    import jinja2

#: What holds templates: a folder, texts by name, or one of Jinja's loaders.
Source = Union[str, os.PathLike[str], Mapping[str, str], "jinja2.BaseLoader"]


@frozen
class JinjaOptions:
    """How templates are read and rendered.

    Attributes:
        autoescape: Every template, whatever its name, unless it says `{% autoescape false %}`; a function decides by
            the name instead.
        undefined: What a name is that nobody gave; `None` for one that raises in debug and is empty otherwise.
        auto_reload: Look at the files again for every page; `None` does so in debug.
        enable_async: Let templates await: `{{ user.load() }}` and `{% for … in … %}` take asynchronous ones. Every
            page costs more then.
        cache_folder: Keep compiled templates in this folder from one start to the next. Nobody else may write there.
        filters: More filters, by name.
        tests: More tests, by name.
        options: Anything else that `jinja2.Environment` takes, such as `trim_blocks` or `extensions`.
    """

    autoescape: bool | Callable[[str | None], bool] = True
    undefined: "type[jinja2.Undefined] | None" = None
    auto_reload: bool | None = None
    enable_async: bool = False
    cache_folder: str | Path | None = None
    filters: Mapping[str, Callable[..., Any]] = EMPTY
    tests: Mapping[str, Callable[..., Any]] = EMPTY
    options: Mapping[str, Any] = EMPTY
