"""Applications that programs register and look after themselves (RFC 7591, RFC 7592)."""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db import transaction

from hospes.connect.domain.registration import Draft, faults_of
from hospes.connect.models import Application, RedirectUri
from hospes.connect.services import initial_tokens, sectors
from hospes.connect.services.applications import delete_application, hash_of
from hospes.connect.services.security import add_secret, end_secrets, judged, metadata_of
from hospes.foundation import clock, numbers
from hospes.foundation.services import audit, outbox
from hospes.protocols.oauth import options, registration
from hospes.protocols.oauth.metadata_reader import MetadataFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.connect.models import InitialAccessToken
    from hospes.kit.origin import Origin
    from hospes.protocols.oauth.registration import Metadata

PREFIX: Final = "hsp_ra_"
_FIELDS: Final = {
    "name": "client_name",
    "website": "client_uri",
    "terms_url": "tos_uri",
    "privacy_url": "policy_uri",
}
# What the provider says of an application, and a program may not (RFC 7592 §2.2).
_OURS: Final = (
    "registration_access_token", "registration_client_uri", "client_secret_expires_at",
    "client_id_issued_at",
)  # fmt: skip


class FaultyMetadata(Exception):
    """Metadata that cannot be accepted; nothing was changed."""

    def __init__(self, faults: tuple[MetadataFault, ...]) -> None:
        self.faults = faults
        super().__init__(", ".join(f"{fault.member}: {fault.code}" for fault in faults))


class TokenEnded(Exception):
    """The token that the program came with works no longer."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An application as it stands now; the two in clear are here and nowhere else.

    ``secret`` is "" where the application has none, or none that is new.
    """

    application: Application
    metadata: Metadata
    token: str = field(repr=False)
    secret: str = field(default="", repr=False)


def register_by_program(
    told: Mapping[str, object], *, token: InitialAccessToken, origin: Origin
) -> Kept:
    """Register an application for the token's organization.

    Raises:
        FaultyMetadata: naming every fault; the token has as many uses as before.
        TokenEnded: its last use went to somebody else meanwhile.

    """
    metadata = _judged(told)
    _check_sector(metadata)
    organization = token.organization
    limit = numbers.get("connect.applications_per_organization")
    now = clock.timestamp()
    application = Application(
        client_id=str(uuid.uuid4()),
        organization=organization,
        created_by_id=token.created_by_id,
        created_at=now,
        origin=Application.Origin.PROGRAM,
        type=metadata.type,
    )
    value = initial_tokens.new_value(PREFIX)
    application.registration_token_hash = hash_of(value)
    _fill(application, metadata)
    with transaction.atomic():
        if not initial_tokens.use(token):
            raise TokenEnded
        # Counted behind the use, which holds the token's row: its programs wait for each other.
        if Application.objects.filter(organization=organization).count() >= limit:
            raise FaultyMetadata(
                (MetadataFault("client_name", "too_many_applications", str(limit)),)
            )
        application.save(force_insert=True)
        _write_addresses(application, metadata)
        secret = add_secret(application, now) if metadata.has_secret else ""
        _record("connect.program_registered", application, origin, {"token": token.hint})
        outbox.emit("connect.application_registered", {"application_id": application.pk})
    return Kept(application, metadata, value, secret)


def managed(client_id: str, value: str) -> Application | None:
    """Return the application that a program may look after with the token ``value``."""
    if not value.startswith(PREFIX) or not client_id.isprintable():
        return None
    application = (
        Application.objects.select_related("organization")
        .filter(client_id=client_id, origin=Application.Origin.PROGRAM)
        .first()
    )
    if application is None or not application.registration_token_hash:
        return None
    same = hmac.compare_digest(application.registration_token_hash, hash_of(value))
    return application if same else None


def change_by_program(
    told: Mapping[str, object], *, application: Application, origin: Origin
) -> Kept:
    """Put ``told`` in the place of what the application said of itself; its token is a new one.

    What only its owner sets stays: the profile, approval on the phone, the logo.

    Raises:
        FaultyMetadata: naming every fault; nothing was changed.
        TokenEnded: somebody else changed it with the same token meanwhile.

    """
    _check_sector(_judged(told, application=application))
    value = initial_tokens.new_value(PREFIX)
    secret = ""
    with transaction.atomic():
        rotated = Application.objects.filter(
            pk=application.pk, registration_token_hash=application.registration_token_hash
        ).update(registration_token_hash=hash_of(value))
        if not rotated:
            raise TokenEnded
        # As it is now, and stays until this is done: its owner may have changed it meanwhile.
        application = Application.objects.select_related("organization").get(pk=application.pk)
        before = metadata_of(application)
        metadata = _judged(told, application=application)
        now = clock.timestamp()
        _fill(application, metadata)
        application.save(update_fields=["name", "website", "terms_url", "privacy_url",
                                        "id_token_alg", "options"])  # fmt: skip
        if _addresses(before) != _addresses(metadata):
            application.redirect_uris.all().delete()
            _write_addresses(application, metadata)
        if before.has_secret and not metadata.has_secret:
            end_secrets(application, now)
        elif metadata.has_secret and not before.has_secret:
            secret = add_secret(application, now)
        _record("connect.program_changed", application, origin)
    return Kept(application, metadata, value, secret)


def delete_by_program(application: Application, *, origin: Origin) -> None:
    """Delete an application as the program asks that registered it."""
    delete_application(application, acting_account=None, origin=origin)


def _judged(told: Mapping[str, object], *, application: Application | None = None) -> Metadata:
    found = judged(told, application=application)
    faults = [*found.faults, *_faults_of_words(found.metadata)]
    if application is not None:
        faults += _faults_of_identity(told, application)
    if faults:
        raise FaultyMetadata(tuple(dict.fromkeys(faults)))
    return found.metadata


def _check_sector(metadata: Metadata) -> None:
    """Fetch what has to be fetched, outside of any transaction."""
    faults = sectors.faults_of(metadata)
    if faults:
        raise FaultyMetadata(tuple(faults))


def _faults_of_words(metadata: Metadata) -> list[MetadataFault]:
    """Judge what people read as the page of a new application does."""
    draft = Draft(
        type="other",
        name=registration.shown_name(metadata),
        website=metadata.website,
        terms_url=metadata.terms_url,
        privacy_url=metadata.privacy_url,
    )
    return [
        MetadataFault(
            _FIELDS[fault.field],
            "name_too_long" if "limit" in fault.params else fault.code,
            str(fault.params.get("limit", "")),
        )
        for fault in faults_of(draft, most_addresses=1)
        if fault.field in _FIELDS
    ]


def _faults_of_identity(
    told: Mapping[str, object], application: Application
) -> list[MetadataFault]:
    """Judge that a change is about this application (RFC 7592 §2.2)."""
    found = [MetadataFault(name, "not_to_be_sent") for name in _OURS if name in told]
    if told.get("client_id") != application.client_id:
        found.append(MetadataFault("client_id", "not_this_one"))
    secret = told.get("client_secret")
    if secret is not None:
        now = clock.timestamp()
        working = application.secrets.exclude(expires_at__lte=now)
        mine = working.values_list("secret_hash", flat=True)
        if not isinstance(secret, str) or hash_of(secret) not in set(mine):
            found.append(MetadataFault("client_secret", "not_this_one"))
    return found


def _fill(application: Application, metadata: Metadata) -> None:
    application.name = registration.shown_name(metadata)
    application.website = metadata.website
    application.terms_url = metadata.terms_url
    application.privacy_url = metadata.privacy_url
    application.id_token_alg = metadata.id_token_alg
    application.options = options.write(metadata.options)


def _addresses(metadata: Metadata) -> list[tuple[str, str]]:
    return [
        *((RedirectUri.Use.SIGN_IN, uri) for uri in metadata.redirect_uris),
        *((RedirectUri.Use.LOGOUT, uri) for uri in metadata.logout_redirect_uris),
    ]


def _write_addresses(application: Application, metadata: Metadata) -> None:
    RedirectUri.objects.bulk_create(
        RedirectUri(application=application, use=use, uri=uri) for use, uri in _addresses(metadata)
    )


def _record(
    action: str,
    application: Application,
    origin: Origin,
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(
        action,
        actor=None,
        subject=application.created_by_id,
        organization=application.organization_id,
        target=application.client_id,
        origin=origin,
        detail={"name": application.name, **(detail or {})},
    )
