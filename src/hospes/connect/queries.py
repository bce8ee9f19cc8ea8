"""Reads of applications, within what the asker may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from django.db.models import Count, Max, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from hospes.connect.domain.events import KINDS
from hospes.connect.domain.sharing import Shared, shared
from hospes.connect.models import (
    Application,
    ApplicationEvent,
    ClientSecret,
    Consent,
    DeviceRequest,
    PushedRequest,
    RedirectUri,
    Token,
)
from hospes.foundation import clock
from hospes.foundation.models import AuditEntry
from hospes.protocols.oauth import options, resources
from hospes.protocols.oauth.clients import ClientView, secret_hash

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.db.models import QuerySet

    from hospes.identity.models import Account
    from hospes.organizations.models import Organization
    from hospes.protocols.oauth.clients import ApplicationType

SHOWN = 200
LOG_PAGE = 50
LOG_CHUNK = 500
MOST_WORDS = 10


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


def pushed_request(name: str, client_id: str) -> PushedRequest | None:
    """Return the request that this application, and no other, pushed under that name."""
    return (
        PushedRequest.objects.select_related("application__organization")
        .prefetch_related("application__redirect_uris")
        .filter(uri_hash=secret_hash(name), application__client_id=client_id)
        .first()
    )


def device_request(user_code: str) -> DeviceRequest | None:
    """Return the request that waits for this code to be typed in, as ``device.typed`` reads it."""
    return _open_devices().filter(user_code_hash=secret_hash(user_code)).first()


def open_device_request(request_id: int) -> DeviceRequest | None:
    """Return that request, with its application, while it waits for an answer."""
    return _open_devices().filter(pk=request_id).first()


def _open_devices() -> QuerySet[DeviceRequest]:
    return DeviceRequest.objects.select_related("application__organization").filter(
        grant=None, refused_at=None, used_at=None, expires_at__gt=clock.timestamp()
    )


def consents_of(account: Account) -> QuerySet[Consent]:
    """Return what an account has allowed, the latest first, with application and maker."""
    return (
        Consent.objects.filter(account=account)
        .select_related("application__organization", "organization")
        .order_by("-granted_at", "-pk")
    )


def consent_of(account: Account, client_id: str) -> Consent | None:
    """Return what an account has allowed that application."""
    return consents_of(account).filter(application__client_id=client_id).first()


def last_used(account: Account) -> dict[str, int]:
    """Return when each application last signed the person in or got a token, by client ID."""
    signed_in = (
        AuditEntry.objects.filter(subject_account_id=account.pk, action="connect.signed_in")
        .values("target")
        .annotate(latest=Max("at"))
    )
    found = {row["target"]: int(row["latest"].timestamp()) for row in signed_in}
    # Whoever may go on offline renews tokens without a sign-in.
    tokens = (
        Token.objects.filter(grant__account=account)
        .values("grant__application__client_id")
        .annotate(latest=Max("created_at"))
    )
    for row in tokens:
        client_id = row["grant__application__client_id"]
        found[client_id] = max(row["latest"], found.get(client_id, 0))
    return found


def people_using(application: Application) -> int:
    """Return how many people have allowed the application something."""
    return Consent.objects.filter(application=application).count()


def working_secrets(application: Application) -> QuerySet[ClientSecret]:
    """Return the secrets that work now, the newest first."""
    return ClientSecret.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=clock.timestamp()), application=application
    ).order_by("-created_at", "-pk")


def overlapping_secrets(application: Application) -> QuerySet[ClientSecret]:
    """Return the old secrets that work on for a while, the newest first."""
    return working_secrets(application).filter(expires_at__isnull=False)


def living_tokens(application: Application, *, most: int) -> int:
    """Return how many access tokens of the application work now, ``most`` at the most."""
    found = Token.objects.filter(
        grant__application=application,
        grant__revoked_at=None,
        kind=Token.Kind.ACCESS,
        revoked_at=None,
        expires_at__gt=clock.timestamp(),
    )
    return found.order_by()[:most].count()


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
        backchannel_mode=application.backchannel_mode,
        options=options.read(application.options),
    )


def unknown_resources(
    application: Application, uris: Collection[str], issuer: str
) -> tuple[str, ...]:
    """Return those resources that are none for the application (RFC 8707 §2)."""
    rows = Application.objects.filter(organization_id=application.organization_id)
    texts = rows.exclude(options="").values_list("options", flat=True)
    registered = {uri for text in texts for uri in options.read(text).resource_uris}
    return resources.unknown(uris, issuer=issuer, registered=registered)


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


@dataclass(frozen=True, slots=True)
class LogFilter:
    """``kind`` is one of ``events.KINDS`` or "" for all; every word of ``words`` must occur."""

    kind: str = ""
    words: str = ""


def log_page(
    application: Application, chosen: LogFilter, *, before: int | None = None, size: int = LOG_PAGE
) -> tuple[list[ApplicationEvent], int | None]:
    """Return one page, newest first, and the mark of the next one (None: there is none)."""
    found = _log_entries(application, chosen)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None


def has_log(application: Application) -> bool:
    """Return whether anything stands in the application's log."""
    return ApplicationEvent.objects.filter(application=application).exists()


def whole_log(
    application: Application, chosen: LogFilter
) -> Iterator[tuple[list[ApplicationEvent], dict[int, Shared]]]:
    """Yield the whole log in pieces, each with what may be shown of the people in it."""
    before: int | None = None
    while True:
        rows, before = log_page(application, chosen, before=before, size=LOG_CHUNK)
        yield rows, sharing(application, rows)
        if before is None:
            return


def sharing(application: Application, rows: Collection[ApplicationEvent]) -> dict[int, Shared]:
    """Return by account what each person in ``rows`` shares with the application now."""
    people = {row.account_id for row in rows if row.account_id is not None}
    consents = Consent.objects.filter(application=application, account_id__in=people)
    return {
        account_id: shared(scope) for account_id, scope in consents.values_list("account", "scope")
    }


def logged(application: Application, event_id: int) -> ApplicationEvent | None:
    """Return that event of this application's log, with the address that was received."""
    return ApplicationEvent.objects.filter(application=application, pk=event_id).first()


def _log_entries(application: Application, chosen: LogFilter) -> QuerySet[ApplicationEvent]:
    found = (
        ApplicationEvent.objects.filter(application=application)
        .select_related("account")
        .order_by("-pk")
    )
    if chosen.kind in KINDS:
        found = found.filter(kind=chosen.kind)
    words = chosen.words.split()[:MOST_WORDS]
    if words:
        found = found.annotate(told=Cast("detail", TextField()))
    for word in words:
        found = found.filter(
            Q(told__icontains=word) | Q(address__icontains=word) | _person(application, word)
        )
    return found


def _person(application: Application, word: str) -> Q:
    """Match people by what the owner may see of them, and by nothing else."""
    mine = Consent.objects.filter(application=application)
    # No scope's name holds another's, so a part of the column is a scope of it.
    by_name = mine.filter(scope__contains="profile").filter(
        Q(account__first_name__icontains=word) | Q(account__last_name__icontains=word)
    )
    by_email = mine.filter(scope__contains="email", account__email__icontains=word)
    return (
        Q(account__public_id__iexact=word)
        | Q(account__in=by_name.values("account"))
        | Q(account__in=by_email.values("account"))
    )
