"""Browsers on Android phones and tablets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.site.guides import common
from hospes.site.guides.shape import Guide, Part

_DATA = _("Tap Site settings, then On-device site data (in older versions: Cookies).")
_ALLOW_DATA = _("Switch it on, or choose “Allow cookies”.")
_SCRIPTS = _("Tap Site settings, then JavaScript, and switch it on.")
_EXCEPTION = _("Leave the switch as it is. Tap “Add site exception” and enter %(site)s.")

CHROME = Guide(
    key="chrome-android",
    browser="Chrome",
    device="android",
    cookies=Part(
        common.COOKIES,
        (common.DOTS_TAP, _DATA, _ALLOW_DATA, common.RELOAD),
        common.PRIVATE_NOTE,
    ),
    site_only=Part(common.SITE_ONLY, (common.DOTS_TAP, _DATA, _EXCEPTION, common.RELOAD)),
    scripts=Part(common.SCRIPTS, (common.DOTS_TAP, _SCRIPTS)),
)

FIREFOX = Guide(
    key="firefox-android",
    browser="Firefox",
    device="android",
    cookies=Part(
        common.COOKIES,
        (
            common.DOTS_TAP,
            _("Tap Enhanced Tracking Protection."),
            _("Choose Standard, or under Custom anything but “All cookies” beside Cookies."),
            common.RELOAD,
        ),
        common.PRIVATE_NOTE,
    ),
    site_only=Part(
        common.SITE_ONLY,
        (
            _("While this site is open, tap the shield or the lock beside the address."),
            _("Switch Enhanced Tracking Protection off. It counts for this site only."),
        ),
    ),
    scripts=Part(
        common.SCRIPTS,
        (
            _("Firefox on Android always runs JavaScript; it has no switch for it."),
            _(
                "If an extension blocks scripts, tap the three dots, then Extensions, and allow "
                "this site or switch the extension off."
            ),
        ),
    ),
)

SAMSUNG = Guide(
    key="samsung-internet",
    browser="Samsung Internet",
    device="android",
    cookies=Part(
        common.COOKIES,
        (
            common.LINES_BOTTOM,
            _("Tap Sites and downloads, then Site permissions."),
            _("Tap Cookies and switch “Allow cookies” on."),
            common.RELOAD,
        ),
        _(
            "In some versions the cookie setting is under Personal browsing data or Privacy. "
            "Secret mode may block cookies although they are allowed."
        ),
    ),
    site_only=Part(
        common.SITE_ONLY,
        (
            _("Samsung Internet allows or blocks cookies for all sites together."),
            _(
                "If a content blocker is on, tap the shield or the lock beside the address and "
                "allow this site there."
            ),
        ),
    ),
    scripts=Part(
        common.SCRIPTS,
        (
            common.LINES_BOTTOM,
            _("Tap Sites and downloads, then Site permissions."),
            _("Tap JavaScript and switch it on."),
        ),
    ),
)

EDGE = Guide(
    key="edge-android",
    browser="Edge",
    device="android",
    cookies=Part(
        common.COOKIES,
        (
            _("Tap the menu at the bottom of the screen and choose Settings."),
            _("Tap Privacy and security, then Site permissions, then Cookies."),
            _("Switch cookies on. Third-party cookies may stay blocked."),
            common.RELOAD,
        ),
    ),
    site_only=Part(
        common.SITE_ONLY,
        (
            _("Go to the same place."),
            _EXCEPTION,
            common.RELOAD,
        ),
    ),
    scripts=Part(
        common.SCRIPTS,
        (
            _("Tap the menu at the bottom of the screen and choose Settings."),
            _("Tap Privacy and security, then Site permissions, then JavaScript; switch it on."),
        ),
    ),
)

OPERA = Guide(
    key="opera-android",
    browser="Opera",
    device="android",
    cookies=Part(
        common.COOKIES,
        (
            _("Tap your picture or the menu at the bottom right and open the settings."),
            _("Find Cookies under Privacy or Site settings."),
            _("Choose “Enabled”, or “Enabled, excluding third-party”."),
            common.RELOAD,
        ),
        _("In Opera Mini, set data savings to off or high: extreme savings cannot sign you in."),
    ),
    scripts=Part(
        common.SCRIPTS,
        (
            _("Open the settings in the same way."),
            _("Under Site settings, tap JavaScript and switch it on."),
        ),
    ),
)

BRAVE = Guide(
    key="brave-android",
    browser="Brave",
    device="android",
    cookies=Part(
        common.COOKIES,
        (
            common.DOTS_BOTTOM,
            _("Tap “Brave Shields & privacy”, then “Block cookies”, and do not block all."),
            _("Go back to the settings, tap Site settings and allow on-device site data."),
            common.RELOAD,
        ),
    ),
    site_only=Part(
        common.SITE_ONLY,
        (_("While this site is open, tap the lion beside the address."), common.SHIELD_OFF),
    ),
    scripts=Part(
        common.SCRIPTS,
        (
            _("While this site is open, tap the lion beside the address."),
            _("Open the advanced controls and switch “Block scripts” off."),
        ),
    ),
)

ANDROID = (CHROME, SAMSUNG, FIREFOX, EDGE, OPERA, BRAVE)
