"""Pages shown inside another app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.site.guides.apple import TEMPORARILY
from hospes.site.guides.shape import Guide, Part

IN_APP = Guide(
    key="in-app",
    browser=_("Page inside another app"),
    device="app",
    cookies=Part(
        _("Open this page in your real browser"),
        (
            _("Look for a menu in the app's own bar: three dots, a share symbol or a compass."),
            _("Choose “Open in browser”, “Open in Chrome” or “Open in Safari”."),
            _(
                "If there is no such entry, copy the address, open your browser and paste it "
                "there: https://%(site)s"
            ),
            _("Sign in there."),
        ),
        _(
            "Chat, mail and social apps often show links in a small browser of their own. It "
            "keeps its own cookies, may block them, forgets you when the app closes, and does not "
            "know your saved passwords. The app around it could also read what you type. Sign in "
            "where you see the browser's own address bar."
        ),
    ),
    more=(
        Part(
            _("Let links open in your browser from now on"),
            (
                _("Open the settings of the app that showed you the link."),
                _("Look under Browser, Links, Media or Chats."),
                _("Choose to open links in the external or default browser."),
            ),
        ),
        TEMPORARILY,
    ),
)
