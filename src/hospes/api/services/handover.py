"""What this room says to an organization's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from hospes.api.models import ApiToken, Webhook
from hospes.organizations.services.closing import Handover

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from hospes.organizations.models import Membership, Organization


def handover(organization: Organization) -> Handover:
    """Return webhooks, and tokens that were made for this organization alone, as what goes."""
    losses: list[StrOrPromise] = []
    webhooks = Webhook.objects.filter(organization=organization).count()
    if webhooks:
        losses.append(
            ngettext("%(count)d webhook", "%(count)d webhooks", webhooks) % {"count": webhooks}
        )
    tokens = ApiToken.objects.filter(organization=organization, revoked_at=None).count()
    if tokens:
        losses.append(
            ngettext(
                "%(count)d API token that was made for it alone",
                "%(count)d API tokens that were made for it alone",
                tokens,
            )
            % {"count": tokens}
        )
    return Handover(losses=tuple(losses))


def of_member(membership: Membership) -> list[str]:
    """Return, for a membership's end, the API tokens its holder made for this organization."""
    tokens = ApiToken.objects.filter(
        organization_id=membership.organization_id,
        account_id=membership.account_id,
        revoked_at=None,
    ).count()
    if not tokens:
        return []
    told = ngettext(
        "%(count)d API token that was made for this organization alone opens nothing any more.",
        "%(count)d API tokens that were made for this organization alone open nothing any more.",
        tokens,
    )
    return [told % {"count": tokens}]
