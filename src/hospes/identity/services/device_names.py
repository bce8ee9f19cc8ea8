"""What to call the device a request came from."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hospes.kit import useragents


def device_name(user_agent: str) -> str:
    """Return such as "Firefox on Windows" in the active language."""
    agent = useragents.parse(user_agent)
    if agent.browser and agent.system:
        return _("%(browser)s on %(system)s") % {
            "browser": agent.browser,
            "system": agent.system,
        }
    return agent.browser or agent.system or _("Unknown device")
