"""This file is the step of the build that ships the template of a plugin, kept at the root of the repository."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TemplateHook(BuildHookInterface[Any]):
    """Puts `template/plugin` beside the starter, from the repository or from the sdist that was built of it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folder to ship. An editable install finds the repository's own."""
        if version == "editable":
            return
        shipped = Path(self.root, "template", "plugin")
        source = shipped if shipped.is_dir() else Path(self.root).parents[1] / "template" / "plugin"
        target = "template/plugin" if self.target_name == "sdist" else "yaat_cli/template/plugin"
        build_data["force_include"][str(source)] = target
