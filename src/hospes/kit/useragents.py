"""What a browser says it is. Good enough to name a session and to choose a guide; never trusted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Form = Literal["desktop", "phone", "tablet"]

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Agent:
    """A browser as people would name it. Empty texts mean unknown.

    ``in_app`` tells that the page is shown inside another app, whose name then stands in
    ``browser`` where it is known.
    """

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


# Apps that show pages inside themselves, by what they add to the header.
_APPS = (
    (re.compile(r"\bInstagram[ /]"), "Instagram"),
    (re.compile(r"\[FBAN/Messenger|\bFBAN/MessengerForiOS|\bFB_IAB/MESSENGER"), "Messenger"),
    (re.compile(r"\bFBA[NV]/|\bFB_IAB/"), "Facebook"),
    (re.compile(r"\bMicroMessenger/"), "WeChat"),
    (re.compile(r"\bLine/[0-9]"), "LINE"),
    (re.compile(r"\bLinkedInApp\b"), "LinkedIn"),
    (re.compile(r"\bSnapchat\b"), "Snapchat"),
    (re.compile(r"\bmusical_ly|\bBytedanceWebview|\btrill_"), "TikTok"),
    (re.compile(r"\bPinterest/"), "Pinterest"),
    (re.compile(r"\bTwitter for |\bTwitterAndroid"), "X"),
    (re.compile(r"\bWhatsApp/"), "WhatsApp"),
    (re.compile(r"\bTelegram-(Android|iOS)|\bTelegram/"), "Telegram"),
    (re.compile(r"\bSlack_SSB|\bSlack/"), "Slack"),
    (re.compile(r"\bTeams/"), "Microsoft Teams"),
    (re.compile(r"\bGSA/"), "Google app"),
)

# The order matters: nearly every browser also names those it descends from.
_BROWSERS = (
    ("Edge", re.compile(r"\b(?:Edg|EdgA|EdgiOS|Edge)/(\d+)")),
    ("Opera", re.compile(r"\b(?:OPR|OPT|OPX|OPiOS)/(\d+)")),
    ("Opera", re.compile(r"\bOpera Mini/(\d+)")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/(\d+)")),
    ("Vivaldi", re.compile(r"\bVivaldi/(\d+)")),
    ("Brave", re.compile(r"\bBrave(?: Chrome)?/(\d+)")),
    ("DuckDuckGo", re.compile(r"\b(?:DuckDuckGo|Ddg)/(\d+)")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS|Focus)/(\d+)")),
    ("Chrome", re.compile(r"\bCriOS/(\d+)")),
    ("Chrome", re.compile(r"\b(?:Chrome|Chromium|HeadlessChrome)/(\d+)")),
    ("Safari", re.compile(r"\bVersion/(\d+)[0-9.]* (?:Mobile/\w+ )?Safari/")),
)
_BRANDS = {"Brave": "Brave", "Opera": "Opera", "Vivaldi": "Vivaldi", "Microsoft Edge": "Edge"}
_BRAND = re.compile(r'"([^"]{1,60})";\s*v="(\d{1,6})')


def parse(user_agent: str, brands: str = "") -> Agent:
    """Read a ``User-Agent`` header and, where the browser sends one, ``Sec-CH-UA``.

    Brave is told from Chrome only by ``brands``. An iPad asks for desktop pages by calling itself
    a Mac, so it is seen as one.
    """
    text = user_agent[:LONGEST]
    system = _system(text)
    browser, version = _browser(text, brands[:LONGEST])
    app = next((name for pattern, name in _APPS if pattern.search(text)), "")
    return Agent(
        browser=app or browser,
        browser_version="" if app else version,
        system=system,
        form=_form(text, system),
        in_app=bool(app) or _is_web_view(text, system),
    )


def _browser(text: str, brands: str) -> tuple[str, str]:
    for brand, version in _BRAND.findall(brands):
        if brand in _BRANDS:
            return _BRANDS[brand], version
    for name, pattern in _BROWSERS:
        found = pattern.search(text)
        if found:
            return name, found[1]
    return "", ""


def _system(text: str) -> str:
    if re.search(r"\biPad\b", text):
        return "iPadOS"
    if re.search(r"\b(iPhone|iPod)\b", text):
        return "iOS"
    # "Android" comes before "Linux" and Windows Phone called itself Android too; it is gone.
    for name, mark in (
        ("Android", "Android"),
        ("ChromeOS", "CrOS"),
        ("Windows", "Windows"),
        ("macOS", "Macintosh"),
        ("Linux", "Linux"),
        ("Linux", "X11"),
    ):
        if mark in text:
            return name
    return ""


def _form(text: str, system: str) -> Form:
    if system == "iOS":
        return "phone"
    if system == "iPadOS":
        return "tablet"
    if system == "Android":
        # Android browsers on tablets leave "Mobile" out; Firefox says "Tablet".
        return "phone" if re.search(r"\bMobile\b", text) else "tablet"
    return "desktop"


def _is_web_view(text: str, system: str) -> bool:
    if system == "Android":
        return bool(re.search(r"; wv\)", text))
    if system in {"iOS", "iPadOS"}:
        # The system's web view leaves out the "Safari/" that every browser there sends.
        return "AppleWebKit/" in text and "Safari/" not in text
    return False
