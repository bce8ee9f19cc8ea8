"""Sign-ups, links, steps, sessions and browsers that have run out are deleted."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from hospes.foundation import clock, numbers
from hospes.identity.models import (
    ApplicationPassword,
    Browser,
    MailLink,
    PasskeyCeremony,
    Session,
    SignInStep,
    SignUp,
    TrustedBrowser,
)
from hospes.identity.queries import sign_ins
from hospes.identity.services.two_step import leaving

# Links say for a while that they were used or are too old, instead of being unknown.
KEPT_AFTERWARDS = timedelta(days=30)
# A page of a sign-in that was left open leads back to where it was for.
STEPS_KEPT = timedelta(days=1)


@transaction.atomic
def purge() -> int:
    """Delete them and return how many rows went. Ended sessions stay 30 days in the list."""
    now = clock.now()
    limit = now - KEPT_AFTERWARDS
    SignUp.objects.filter(expires_at__lte=now).exclude(password_hash="").update(password_hash="")
    gone = SignUp.objects.filter(expires_at__lt=limit).delete()[0]
    gone += MailLink.objects.filter(expires_at__lt=limit).delete()[0]
    gone += SignInStep.objects.filter(expires_at__lt=now - STEPS_KEPT).delete()[0]
    gone += PasskeyCeremony.objects.filter(expires_at__lte=now).delete()[0]
    gone += TrustedBrowser.objects.filter(expires_at__lt=limit).delete()[0]
    gone += TrustedBrowser.objects.filter(revoked_at__lt=limit).delete()[0]
    ended = ApplicationPassword.objects.filter(revoked_at__lt=int(limit.timestamp()))
    gone += ended.delete()[0]
    gone += leaving.purge(begun_before=now - STEPS_KEPT, removed_before=limit)
    _end_expired()
    gone += Session.objects.filter(ended_at__lt=limit).delete()[0]
    forgotten = now - timedelta(days=numbers.get("identity.remembered_browser_days"))
    gone += Browser.objects.filter(last_seen_at__lt=forgotten, sessions=None).delete()[0]
    return gone


def _end_expired() -> None:
    now = clock.now()
    open_ones = Session.objects.filter(ended_at=None)
    living = sign_ins.living(now).values("pk")
    open_ones.exclude(pk__in=living).update(ended_at=now, end_reason="expired")
