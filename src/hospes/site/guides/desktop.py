"""Browsers on computers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.site.guides import common
from hospes.site.guides.shape import Guide, Part

_CHROMIUM_DATA = _(
    "Go to Privacy and security → Site settings → Additional content settings → On-device site "
    "data."
)
_CHROMIUM_SCRIPTS = _("Go to Privacy and security → Site settings → JavaScript.")
_CHROMIUM_SITE_SCRIPTS = _("To allow it for this site only, add %(site)s to the allowed sites.")

CHROME = Guide(
    key="chrome",
    browser="Chrome",
    device="computer",
    cookies=Part(
        common.COOKIES,
        (common.DOTS_TOP_RIGHT, _CHROMIUM_DATA, common.ALLOW_SAVE, common.RELOAD),
        _("It is fine to keep third-party cookies blocked: signing in here does not need them."),
    ),
    site_only=Part(
        common.SITE_ONLY,
        (common.DOTS_TOP_RIGHT, _CHROMIUM_DATA, common.ADD_SITE, common.RELOAD),
    ),
    scripts=Part(
        common.SCRIPTS,
        (
            common.DOTS_TOP_RIGHT,
            _CHROMIUM_SCRIPTS,
            common.SCRIPTS_ALLOWED,
            _CHROMIUM_SITE_SCRIPTS,
        ),
    ),
)

FIREFOX = Guide(
    key="firefox",
    browser="Firefox",
    device="computer",
    cookies=Part(
        common.COOKIES,
        (
            _("Open the menu with the three lines at the top right and choose Settings."),
            _("Go to Privacy & Security. Under Enhanced Tracking Protection, choose Standard."),
            _(
                "If you prefer Custom: make sure that the choice beside Cookies is not “All "
                "cookies”."
            ),
            common.RELOAD,
        ),
    ),
    site_only=Part(
        common.SITE_ONLY,
        (
            _("In the settings, go to Privacy & Security → Cookies and Site Data."),
            _("Click “Manage Exceptions”, enter https://%(site)s and click Allow."),
            _("Save the changes and reload this page."),
        ),
    ),
    scripts=Part(
        common.SCRIPTS,
        (
            _("Type about:config into the address bar, press Enter and accept the warning."),
            _("Search for javascript.enabled."),
            _("If it says false, click the switch at the end of the line, so that it says true."),
        ),
        _(
            "More often, an extension such as a script blocker is at work: click its icon and "
            "allow this site."
        ),
    ),
)

SAFARI = Guide(
    key="safari-mac",
    browser="Safari",
    device="computer",
    cookies=Part(
        common.COOKIES,
        (
            _("In the menu bar, choose Safari → Settings."),
            _("Open Advanced (before Safari 17: Privacy)."),
            _("Clear the box “Block all cookies”."),
            common.RELOAD,
        ),
        _(
            "Safari cannot allow cookies for one site only. You can block all cookies again after "
            "signing in, but you may then be logged out. “Prevent cross-site tracking” may stay on."
        ),
    ),
    scripts=Part(
        common.SCRIPTS,
        (
            _("In the menu bar, choose Safari → Settings and open Security."),
            _("Tick “Enable JavaScript”."),
            _(
                "If you use an extension that blocks content, choose it from the menu beside the "
                "address and allow this site."
            ),
        ),
    ),
)

EDGE = Guide(
    key="edge",
    browser="Edge",
    device="computer",
    cookies=Part(
        common.COOKIES,
        (
            common.DOTS_TOP_RIGHT,
            _(
                "Go to Privacy, search, and services → Cookies (in older versions: Cookies and "
                "site permissions)."
            ),
            _("Switch on “Allow sites to save and read cookie data”."),
            common.RELOAD,
        ),
        _("It is fine to keep third-party cookies blocked: signing in here does not need them."),
    ),
    site_only=Part(
        common.SITE_ONLY,
        (
            _("In the same place, find the list “Allow”."),
            _("Click Add, enter https://%(site)s and confirm."),
            common.RELOAD,
        ),
    ),
    scripts=Part(
        common.SCRIPTS,
        (
            common.DOTS_TOP_RIGHT,
            _(
                "Go to Privacy, search, and services → Site permissions → All permissions → "
                "JavaScript."
            ),
            _("Switch on “Allowed”, or add %(site)s to the sites that are allowed."),
        ),
    ),
)

OPERA = Guide(
    key="opera",
    browser="Opera",
    device="computer",
    cookies=Part(
        common.COOKIES,
        (
            _("Press Alt+P, on a Mac ⌘+comma, to open the settings."),
            _CHROMIUM_DATA,
            common.ALLOW_SAVE,
            common.RELOAD,
        ),
    ),
    site_only=Part(
        common.SITE_ONLY,
        (
            _("Open the settings in the same way."),
            _CHROMIUM_DATA,
            common.ADD_SITE,
            common.RELOAD,
        ),
    ),
    scripts=Part(
        common.SCRIPTS,
        (
            _("Press Alt+P, on a Mac ⌘+comma, to open the settings."),
            _CHROMIUM_SCRIPTS,
            common.SCRIPTS_ALLOWED,
        ),
    ),
)

BRAVE = Guide(
    key="brave",
    browser="Brave",
    device="computer",
    cookies=Part(
        common.COOKIES,
        (
            _("Open the menu with the three lines at the top right and choose Settings."),
            _("Go to Shields. Beside “Block cookies”, do not choose to block all of them."),
            _CHROMIUM_DATA,
            common.ALLOW_SAVE,
            common.RELOAD,
        ),
        _("Blocking third-party cookies, as Brave does by default, is no problem here."),
    ),
    site_only=Part(
        common.SITE_ONLY,
        (
            _("While this site is open, click the lion beside the address."),
            _("Open the advanced controls and allow cookies, or:"),
            common.SHIELD_OFF,
        ),
    ),
    scripts=Part(
        common.SCRIPTS,
        (
            _("While this site is open, click the lion beside the address."),
            _("Open the advanced controls and switch “Block scripts” off."),
        ),
    ),
)

DESKTOP = (CHROME, FIREFOX, SAFARI, EDGE, OPERA, BRAVE)
