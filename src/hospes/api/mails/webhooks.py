"""The mail to those who lead an organization when a webhook was switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from hospes.foundation.services.messages import Mail

if TYPE_CHECKING:
    from hospes.api.models import Webhook


def switched_off(webhook: Webhook, because: str, *, locale: str, name: str) -> Mail:
    """Return the mail in ``locale``; ``because`` is ``gone`` or ``failing``."""
    organization = webhook.organization
    host = urlsplit(webhook.url).hostname or ""
    link = (
        f"{settings.HOSPES.base_url}/organizations/{organization.public_id}"
        f"/webhooks/{webhook.public_id}"
    )
    with translation.override(locale):
        reason = (
            _("The receiver answered that it is gone for good (410).")
            if because == "gone"
            else _("For days the receiver took none of the messages.")
        )
        return Mail(
            subject=_("A webhook of %(organization)s was switched off")
            % {"organization": organization.name},
            heading=_("A webhook was switched off"),
            paragraphs=(
                _("Hello %(name)s, the webhook to %(host)s gets no messages any more.")
                % {"name": name, "host": host},
                reason,
            ),
            action=(_("Look at the webhook"), link),
            after=(
                _(
                    "Once the receiver works again, switch the webhook on; what it missed before "
                    "can be sent again from its log."
                ),
            ),
        )
