"""Reads of applications, within what the asker may see."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from hospes.connect.models import Application, ClientSecret, Consent, RedirectUri
from hospes.foundation import clock
from hospes.protocols.oauth.clients import ClientView

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hospes.identity.models import Account
    from hospes.organizations.models import Organization
    from hospes.protocols.oauth.clients import ApplicationType

SHOWN = 200


def of_organization(organization: Organization, words: str = "") -> list[tuple[Application, int]]:
    """Return an organization's applications by name, each with how many people use it.

    ``words`` narrows by name, client ID or address; at most 200 are returned.
    """
    found = Application.objects.filter(organization=organization)
    for word in words.split()[:10]:
        addressed = RedirectUri.objects.filter(uri__icontains=word).values("application_id")
        found = found.filter(
            Q(name__icontains=word) | Q(client_id__icontains=word) | Q(pk__in=addressed)
        )
    people = (
        Consent.objects.filter(application=OuterRef("pk"))
        .order_by()
        .values("application")
        .annotate(count=Count("pk"))
        .values("count")
    )
    rows = found.annotate(people=Coalesce(Subquery(people), 0)).order_by("name", "pk")[:SHOWN]
    return [(row, row.people) for row in rows]


def in_organization(organization: Organization, client_id: str) -> Application | None:
    """Return the application if it is this organization's, with who made it: one query."""
    return (
        Application.objects.select_related("organization", "created_by")
        .filter(organization=organization, client_id=client_id)
        .first()
    )


def by_client_id(client_id: str) -> Application | None:
    """Return the application of any organization, with its organization, for a sign-in."""
    return (
        Application.objects.select_related("organization")
        .prefetch_related("redirect_uris")
        .filter(client_id=client_id)
        .first()
    )


def consents_of(account: Account) -> QuerySet[Consent]:
    """Return what an account has allowed, the latest first, with application and maker."""
    return (
        Consent.objects.filter(account=account)
        .select_related("application__organization")
        .order_by("-granted_at", "-pk")
    )


def consent_of(account: Account, client_id: str) -> Consent | None:
    """Return what an account has allowed that application."""
    return consents_of(account).filter(application__client_id=client_id).first()


def people_using(application: Application) -> int:
    """Return how many people have allowed the application something."""
    return Consent.objects.filter(application=application).count()


def working_secrets(application: Application) -> QuerySet[ClientSecret]:
    """Return the secrets that work now, the newest first."""
    return ClientSecret.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=clock.timestamp()), application=application
    ).order_by("-created_at", "-pk")


def client_view(application: Application) -> ClientView:
    """Return the application as the protocol sees it, without secrets: pages need none."""
    addresses = application.redirect_uris.all()
    return ClientView(
        client_id=application.client_id,
        type=cast("ApplicationType", application.type),
        redirect_uris=tuple(a.uri for a in addresses if a.use == RedirectUri.Use.SIGN_IN),
        logout_redirect_uris=tuple(a.uri for a in addresses if a.use == RedirectUri.Use.LOGOUT),
        pkce_required=application.pkce_required,
        id_token_alg=application.id_token_alg,
    )


def export(account: Account) -> list[dict[str, object]]:
    """Return what a copy of the account's data tells of the applications it allowed."""
    return [
        {
            "application": consent.application.name,
            "client_id": consent.application.client_id,
            "organization": consent.application.organization.name,
            "scopes": consent.scope.split(),
            "allowed_at": datetime.fromtimestamp(consent.granted_at, UTC),
        }
        for consent in consents_of(account)
    ]
