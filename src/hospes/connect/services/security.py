"""How an application proves itself, and how strictly it is held to what it does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, cast

from django.conf import settings
from django.db import transaction

from hospes.connect.models import Application, ClientSecret, RedirectUri
from hospes.connect.services import resource_addresses, sectors
from hospes.connect.services.applications import hash_of, new_secret
from hospes.foundation import clock, numbers
from hospes.foundation.services import audit
from hospes.kit.faults import Fault, Refused
from hospes.protocols.oauth import certificates, clients, options, profiles, registration
from hospes.protocols.oauth import registration_values as values
from hospes.protocols.oauth.grants.exchanging import EXCHANGE
from hospes.protocols.oauth.metadata_reader import MetadataFault, Offer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.identity.models import Account
    from hospes.kit.origin import Origin
    from hospes.protocols.oauth.clients import ApplicationType
    from hospes.protocols.oauth.options import ClientOptions, Profile
    from hospes.protocols.oauth.registration import Metadata

MACHINE: Final = "client_credentials"
# What the page of an application's security sets, by the names of RFC 7591.
MEMBERS: Final = (
    "token_endpoint_auth_method", "token_endpoint_auth_signing_alg", "jwks", "jwks_uri",
    "tls_client_auth_subject_dn", "tls_client_auth_san_dns", "dpop_bound_access_tokens",
    "tls_client_certificate_bound_access_tokens", "require_pushed_authorization_requests",
    "require_signed_request_object", "request_object_signing_alg",
    "authorization_signed_response_alg", "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc", "userinfo_signed_response_alg", "subject_type",
    "sector_identifier_uri", "access_token_format",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangeSecurity:
    """``told``: members by their registered names, of ``MEMBERS``; what is not named is cleared.

    ``machine``: whether it also gets tokens in its own name. ``exchange``: whether it exchanges
    tokens that it is sent. ``resource_uris``: what it guards itself. ``confirmed``: the
    owner has read what the change ends.
    """

    application: Application
    profile: str
    told: Mapping[str, object]
    machine: bool = False
    exchange: bool = False
    resource_uris: tuple[str, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """``secret`` is in clear here and nowhere else; "" where there is no new one."""

    application: Application
    secret: str = field(default="", repr=False)


def offer() -> Offer:
    """Return what works at this provider."""
    environment = settings.HOSPES
    if not environment.certificate_header:
        return Offer()
    known: tuple[str, ...] = (certificates.SELF_SIGNED,)
    if environment.client_ca_file is not None:
        known = certificates.METHODS
    return Offer(methods=(*clients.METHODS, *known), certificates=True)


def judged(
    told: Mapping[str, object], *, application: Application | None = None, profile: str = ""
) -> registration.Judged:
    """Judge metadata as this provider offers it; ``profile`` "" for the application's own."""
    present = options.read(application.options) if application else options.NONE
    if profile:
        present = replace(present, profile=cast("Profile", profile))
    return registration.judge(
        told,
        most_addresses=numbers.get("connect.redirect_urls_per_application"),
        keep=present,
        fixed_type=cast("ApplicationType", application.type) if application else None,
        offer=offer(),
    )


def metadata_of(application: Application) -> Metadata:
    """Return what an application says of itself now."""
    addresses = list(application.redirect_uris.order_by("id"))
    return registration.Metadata(
        type=cast("ApplicationType", application.type),
        name=application.name,
        redirect_uris=tuple(a.uri for a in addresses if a.use == RedirectUri.Use.SIGN_IN),
        logout_redirect_uris=tuple(a.uri for a in addresses if a.use == RedirectUri.Use.LOGOUT),
        website=application.website,
        terms_url=application.terms_url,
        privacy_url=application.privacy_url,
        id_token_alg=application.id_token_alg,
        options=options.read(application.options),
    )


def unmet(metadata: Metadata, profile: str = "") -> tuple[str, ...]:
    """Return which rules of ``profile`` ("" for its own) the application does not meet yet."""
    held = metadata.options
    if profile:
        held = replace(held, profile=cast("Profile", profile))
    return profiles.unmet(
        held,
        public=metadata.type == "mobile" and held.token_endpoint_auth_method in {"", "none"},
        redirect_uris=metadata.redirect_uris,
        id_token_alg=metadata.id_token_alg,
    )


def change_security(command: ChangeSecurity, *, acting_account: Account, origin: Origin) -> Changed:
    """Put what the page says in the place of what stood there; everything else stays.

    Raises:
        Refused: naming every fault, or what the owner has to confirm first; nothing was changed.

    """
    application = command.application
    before = metadata_of(application)
    chosen = _chosen(command, before)
    changed = sorted(
        name
        for name in (*MEMBERS, "profile", "further_grant_types", "resource_uris")
        if getattr(chosen, name) != getattr(before.options, name)
    )
    if not changed:
        return Changed(application)
    after = replace(before, options=chosen)
    if not command.confirmed:
        questions = _questions(before, after)
        if questions:
            raise Refused(Fault("confirmed", code) for code in questions)
    secret = ""
    with transaction.atomic():
        # Locked, so that a secret made at the same time is not left over.
        locked = Application.objects.select_for_update(no_key=True).get(pk=application.pk)
        if locked.options != application.options:
            raise Refused(Fault("", "changed_meanwhile"))
        application.options = options.write(chosen)
        application.save(update_fields=["options"])
        now = clock.timestamp()
        if before.has_secret and not after.has_secret:
            end_secrets(application, now)
        elif after.has_secret and not before.has_secret:
            secret = add_secret(application, now)
        audit.record(
            "connect.security_changed",
            actor=acting_account.pk,
            subject=acting_account.pk,
            organization=application.organization_id,
            target=application.client_id,
            origin=origin,
            detail={"name": application.name, "changed": changed, "profile": chosen.profile},
        )
    return Changed(application, secret)


def _chosen(command: ChangeSecurity, before: Metadata) -> ClientOptions:
    """Return the options as they would be; what the page does not set is left as it is."""
    if command.profile not in profiles.PROFILES:
        raise Refused(Fault("profile", "choose"))
    grants = [registration.CODE] if before.redirect_uris else [registration.REFRESH]
    if before.type == "other":
        grants = [MACHINE]
    elif command.machine:
        grants.append(MACHINE)
    told = {
        "redirect_uris": list(before.redirect_uris),
        "id_token_signed_response_alg": before.id_token_alg,
        "grant_types": grants,
        **{name: value for name, value in command.told.items() if name in MEMBERS},
    }
    found = judged(told, application=command.application, profile=command.profile)
    faults = found.faults
    if not faults and _sector_changes(before, found.metadata):
        faults = tuple(sectors.faults_of(found.metadata))
    wrong = resource_addresses.faults_of(command.resource_uris, command.application)
    if faults or wrong:
        raise Refused((*map(_fault, faults), *wrong))
    set_here = {MACHINE, EXCHANGE}
    further = [each for each in before.options.further_grant_types if each not in set_here]
    further += [MACHINE] if command.machine and before.type in {"web", "server"} else []
    further += [EXCHANGE] if command.exchange and before.type != "mobile" else []
    return replace(
        before.options,
        profile=found.metadata.options.profile,
        further_grant_types=tuple(further),
        resource_uris=tuple(dict.fromkeys(command.resource_uris)),
        **{name: getattr(found.metadata.options, name) for name in MEMBERS},
    )


def _sector_changes(before: Metadata, after: Metadata) -> bool:
    return before.options.sector_identifier_uri != after.options.sector_identifier_uri


def _fault(fault: MetadataFault) -> Fault:
    return Fault(fault.member, fault.code, {"detail": fault.detail})


def _questions(before: Metadata, after: Metadata) -> list[str]:
    """Return what ends by a change and cannot be had back by the opposite one."""
    found = []
    if before.has_secret and not after.has_secret:
        found.append("secret_ends")
    if before.options.subject_type != after.options.subject_type or (
        after.options.subject_type == "pairwise"
        and _sector(before.options) != _sector(after.options)
    ):
        found.append("people_change")
    return found


def _sector(held: ClientOptions) -> str:
    return values.host_of(held.sector_identifier_uri)


def end_secrets(application: Application, now: int) -> None:
    """End every secret at once: the application proves itself otherwise from now on."""
    ClientSecret.objects.filter(application=application).exclude(expires_at__lte=now).update(
        expires_at=now
    )


def add_secret(application: Application, now: int) -> str:
    """Make a secret and return it in clear, once."""
    secret = new_secret()
    ClientSecret.objects.create(
        application=application, secret_hash=hash_of(secret), hint=secret[-4:], created_at=now
    )
    return secret
