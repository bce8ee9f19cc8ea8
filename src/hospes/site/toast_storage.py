"""Where toasts wait for the next page: a signed cookie tied to this very host."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class ToastStorage(CookieStorage):
    """Django's cookie storage under a name with the installation's cookie prefix."""

    cookie_name = f"{settings.COOKIE_PREFIX}messages"
