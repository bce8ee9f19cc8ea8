"""The guides on switching on cookies and JavaScript, one per browser and kind of device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.site.guides.android import ANDROID
from hospes.site.guides.apple import APPLE
from hospes.site.guides.desktop import DESKTOP
from hospes.site.guides.in_app import IN_APP
from hospes.site.guides.shape import Guide, Part

if TYPE_CHECKING:
    from hospes.kit.useragents import Agent

GUIDES: tuple[Guide, ...] = (*DESKTOP, *ANDROID, *APPLE, IN_APP)
BY_KEY = {guide.key: guide for guide in GUIDES}

__all__ = ["BY_KEY", "GUIDES", "Guide", "Part", "for_agent"]

_FALLBACK = {"Android": "chrome-android", "iOS": "safari-iphone", "iPadOS": "safari-iphone"}
_DESKTOP_FALLBACK = {"macOS": "safari-mac", "Linux": "firefox", "Windows": "edge"}
_ON_ANDROID = {
    "Chrome": "chrome-android",
    "Firefox": "firefox-android",
    "Samsung Internet": "samsung-internet",
    "Edge": "edge-android",
    "Opera": "opera-android",
    "Brave": "brave-android",
}
_ON_APPLE = {
    "Safari": "safari-iphone",
    "Chrome": "chrome-iphone",
    "Firefox": "firefox-iphone",
    "Edge": "edge-iphone",
    "Opera": "opera-iphone",
    "Brave": "brave-iphone",
}
_ON_DESKTOP = {
    "Chrome": "chrome",
    "Firefox": "firefox",
    "Safari": "safari-mac",
    "Edge": "edge",
    "Opera": "opera",
    "Brave": "brave",
}


def for_agent(agent: Agent) -> Guide:
    """Return the guide for a browser; for an unknown one, that of the system's usual browser."""
    if agent.in_app:
        return IN_APP
    if agent.system in {"iOS", "iPadOS"}:
        key = _ON_APPLE.get(agent.browser) or _FALLBACK[agent.system]
    elif agent.system == "Android":
        key = _ON_ANDROID.get(agent.browser) or _FALLBACK[agent.system]
    else:
        key = _ON_DESKTOP.get(agent.browser) or _DESKTOP_FALLBACK.get(agent.system, "chrome")
    return BY_KEY[key]
