"""Compiles the message catalogues and takes the site modules along when the package is built."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


class CatalogueHook(BuildHookInterface):  # type: ignore[misc]  # only there while building
    """Puts a .mo file beside every catalogue before files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; an editable installation gets the same, and finds the modules beside it."""
        from tools import translations  # noqa: PLC0415 - the path is set above

        translations.compile_all()
        if version != "editable":
            build_data["force_include"]["connectors"] = "hospes/connectors"
