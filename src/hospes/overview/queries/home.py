"""What a person's home shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.connect.models import Application, Consent
from hospes.foundation.models import AuditEntry
from hospes.identity.models import Session
from hospes.identity.queries import two_step

if TYPE_CHECKING:
    from datetime import datetime

    from hospes.identity.models import Account
    from hospes.organizations.models import Organization

SHOWN = 5
# From here on a password counts as old enough to say so; no one is made to change it (NIST SP
# 800-63B, 3.1.1.2), so it is a hint and no rule.
OLD_PASSWORD_DAYS = 365


@dataclass(frozen=True, slots=True)
class Security:
    """The security check-list; each flag is True where nothing needs doing."""

    email_verified: bool
    recovery_email: bool
    recovery_phone: bool
    two_step: bool
    password_recent: bool
    password_changed_at: datetime
    sessions: int

    @property
    def open_points(self) -> int:
        """Return how many points of the list are still to be done."""
        return (
            self.email_verified,
            self.recovery_email,
            self.recovery_phone,
            self.two_step,
            self.password_recent,
        ).count(False)


@dataclass(frozen=True, slots=True)
class Home:
    """One person's home."""

    security: Security
    applications: tuple[Application, ...]
    applications_total: int
    consents_total: int
    activity: tuple[AuditEntry, ...]


def security_of(account: Account, *, now: datetime) -> Security:
    """Return the check-list of ``account``: two queries."""
    return Security(
        email_verified=account.email_verified_at is not None,
        recovery_email=account.recovery_email_verified_at is not None,
        recovery_phone=bool(account.recovery_phone),
        two_step=bool(two_step.living_methods(account)),
        password_recent=(now - account.password_changed_at).days < OLD_PASSWORD_DAYS,
        password_changed_at=account.password_changed_at,
        sessions=Session.objects.filter(account=account, ended_at__isnull=True).count(),
    )


def home(
    account: Account,
    organization: Organization | None,
    *,
    may_see_applications: bool,
    now: datetime,
) -> Home:
    """Return what to show to ``account`` looking at ``organization``: six queries at most."""
    applications: tuple[Application, ...] = ()
    total = 0
    if organization is not None and may_see_applications:
        rows = Application.objects.filter(organization=organization)
        applications = tuple(rows.order_by("-id")[:SHOWN])
        total = len(applications) if len(applications) < SHOWN else rows.count()
    return Home(
        security=security_of(account, now=now),
        applications=applications,
        applications_total=total,
        consents_total=Consent.objects.filter(account=account).count(),
        activity=tuple(
            AuditEntry.objects.filter(subject_account_id=account.pk).order_by("-id")[:SHOWN]
        ),
    )
