"""Titles and steps that several guides share, so that they are written and translated once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

COOKIES = _("Switch cookies on")
SITE_ONLY = _("Allow cookies for this site only")
SCRIPTS = _("Switch JavaScript on")

RELOAD = _("Come back to this page and reload it.")
DOTS_TOP_RIGHT = _("Open the menu with the three dots at the top right and choose Settings.")
DOTS_TAP = _("Tap the three dots next to the address and choose Settings.")
DOTS_BOTTOM = _("Tap the three dots at the bottom of the screen and choose Settings.")
LINES_BOTTOM = _("Tap the menu with the three lines at the bottom right and choose Settings.")
ADD_SITE = _("Next to the sites that may keep data, choose Add and enter %(site)s.")
ALLOW_SAVE = _("Choose “Allow sites to save data on your device”.")
SCRIPTS_ALLOWED = _("Choose “Sites can use JavaScript”.")
ICON_SITE_SETTINGS = _(
    "While this site is open, click the icon to the left of the address and choose Site settings."
)
PRIVATE_NOTE = _(
    "Private or incognito windows often block more than ordinary ones. If nothing helps, open the "
    "page in an ordinary window."
)
SHIELD_OFF = _("Turn the main switch off. It counts for this site only; the page reloads.")
