"""Browsers on iPhones and iPads. They all draw pages with the system's own engine."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.site.guides import common
from hospes.site.guides.shape import Guide, Part

_OPEN_SETTINGS = _("Open the Settings app of your iPhone or iPad (not the browser).")
_OPEN_SAFARI = _("Tap Apps, then Safari. Before iOS 18, Safari is in the list itself.")
_OPEN_ADVANCED = _("Scroll to the end and tap Advanced.")
_UNBLOCK = _("Switch “Block All Cookies” off.")
_ALWAYS_SCRIPTS = Part(
    common.SCRIPTS,
    (
        _("This browser always runs JavaScript; there is nothing to switch on."),
        _("If you use a content blocker, switch it off for this site."),
    ),
)

TEMPORARILY = Part(
    _("If you usually block all cookies"),
    (
        _OPEN_SETTINGS,
        _OPEN_SAFARI,
        _OPEN_ADVANCED,
        _("Switch “Block All Cookies” off, for the moment."),
        _("Go back to the sign-in window. If it is still empty, close it and open it anew."),
        _("Sign in."),
        _("When you are signed in, you can switch “Block All Cookies” on again."),
    ),
    _(
        "Apps on iPhone and iPad show their sign-in windows with Safari's settings. That is why "
        "such a window can stay empty in an app although you never opened Safari. An app that is "
        "signed in usually stays so after you block cookies again; a web page will ask you to sign "
        "in again."
    ),
)

SAFARI = Guide(
    key="safari-iphone",
    browser="Safari",
    device="iphone",
    cookies=Part(
        common.COOKIES,
        (_OPEN_SETTINGS, _OPEN_SAFARI, _OPEN_ADVANCED, _UNBLOCK, common.RELOAD),
        _(
            "On older systems “Block All Cookies” stands directly on Safari's page, under Privacy "
            "& Security. Safari cannot allow cookies for one site only; “Prevent Cross-Site "
            "Tracking” may stay on."
        ),
    ),
    scripts=Part(
        common.SCRIPTS,
        (_OPEN_SETTINGS, _OPEN_SAFARI, _OPEN_ADVANCED, _("Switch JavaScript on.")),
        _("In Lockdown Mode, tap the page menu beside the address and allow this site."),
    ),
    more=(TEMPORARILY,),
)

CHROME = Guide(
    key="chrome-iphone",
    browser="Chrome",
    device="iphone",
    cookies=Part(
        common.COOKIES,
        (
            _("Chrome on iPhone and iPad always accepts the cookies of the site you visit."),
            _("Make sure that you are not in an incognito tab."),
            _("If pages still forget you, delete the browsing data of this site and try again."),
        ),
    ),
    scripts=_ALWAYS_SCRIPTS,
    more=(TEMPORARILY,),
)

FIREFOX = Guide(
    key="firefox-iphone",
    browser="Firefox",
    device="iphone",
    cookies=Part(
        common.COOKIES,
        (
            _("Firefox on iPhone and iPad always accepts the cookies of the site you visit."),
            _("Make sure that you are not in a private tab."),
            _(
                "If it still fails, tap the shield or the lock beside the address and switch "
                "Enhanced Tracking Protection off for this site."
            ),
        ),
    ),
    scripts=_ALWAYS_SCRIPTS,
    more=(TEMPORARILY,),
)

EDGE = Guide(
    key="edge-iphone",
    browser="Edge",
    device="iphone",
    cookies=Part(
        common.COOKIES,
        (
            _("Tap the menu at the bottom of the screen and choose Settings."),
            _("Tap Privacy and security, then Cookies."),
            _("Choose not to block cookies, or to block third-party cookies only."),
            common.RELOAD,
        ),
    ),
    scripts=_ALWAYS_SCRIPTS,
    more=(TEMPORARILY,),
)

OPERA = Guide(
    key="opera-iphone",
    browser="Opera",
    device="iphone",
    cookies=Part(
        common.COOKIES,
        (
            _("Opera on iPhone and iPad accepts the cookies of the site you visit."),
            _("Make sure that you are not in a private tab."),
            _("If it still fails, open the menu and switch the ad blocker off for this site."),
        ),
    ),
    scripts=_ALWAYS_SCRIPTS,
    more=(TEMPORARILY,),
)

BRAVE = Guide(
    key="brave-iphone",
    browser="Brave",
    device="iphone",
    cookies=Part(
        common.COOKIES,
        (
            _("Tap the three dots at the bottom of the screen and choose Settings."),
            _("Tap “Shields & Privacy”."),
            _("Switch “Block all cookies” off."),
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
    more=(TEMPORARILY,),
)

APPLE = (SAFARI, CHROME, FIREFOX, EDGE, OPERA, BRAVE)
