"""Registering, changing and deleting applications."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from hospes.connect.domain import session_options
from hospes.connect.domain.registration import Draft, faults_of, tidy
from hospes.connect.models import Application, BackchannelRequest, ClientSecret, RedirectUri
from hospes.connect.services import backchannel, logos
from hospes.foundation import clock, numbers
from hospes.foundation.services import audit, outbox
from hospes.kit.faults import Fault, Refused
from hospes.kit.ids import base62, bytes_for
from hospes.protocols.oauth import options, profiles

if TYPE_CHECKING:
    from hospes.identity.gateways.pictures import Encoded
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin
    from hospes.organizations.models import Organization

SECRET_PREFIX = "hsp_cs_"  # noqa: S105 - what every secret begins with, for scanners to find
SECRET_DIGITS = 43  # 256 bits
_OWN_FIELDS = (
    "name", "id_token_alg", "pkce_required", "website", "terms_url", "privacy_url",
    "backchannel_mode", "backchannel_notification_endpoint", "preset",
)  # fmt: skip


class AlreadyDone(Exception):
    """The same form was sent before; ``application`` is what it made then."""

    def __init__(self, application: Application) -> None:
        self.application = application
        super().__init__(application.client_id)


@dataclass(frozen=True, slots=True)
class RegisterApplication:
    """``form_key`` names the form, so that sending it twice registers once."""

    draft: Draft
    form_key: str


@dataclass(frozen=True, slots=True)
class Registered:
    """``secret`` is in clear here and nowhere else; "" for a Mobile application."""

    application: Application
    secret: str


@dataclass(frozen=True, slots=True)
class ChangeApplication:
    """The type stays: what a client can keep secret does not change by a form.

    ``picture`` is the uploaded file as it came, b"" where the logo stays.
    """

    application: Application
    draft: Draft
    picture: bytes = field(default=b"", repr=False)


def hash_of(secret: str) -> str:
    """Return what is stored of a secret: SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """Return a fresh client secret."""
    return SECRET_PREFIX + base62(secrets.token_bytes(bytes_for(SECRET_DIGITS)), SECRET_DIGITS)


def register_application(
    command: RegisterApplication,
    *,
    organization: Organization,
    acting_account: Account,
    origin: Origin,
) -> Registered:
    """Register an application for ``organization`` and return it with its secret.

    Raises:
        Refused: naming every fault of the draft; nothing was stored.
        AlreadyDone: this form has registered its application before.

    """
    draft = _checked(command.draft)
    _raise_if_done(command.form_key, organization)
    limit = numbers.get("connect.applications_per_organization")
    if Application.objects.filter(organization=organization).count() >= limit:
        raise Refused(Fault("", "too_many_applications", {"limit": limit}))
    now = clock.timestamp()
    application = Application(
        client_id=str(uuid.uuid4()),
        organization=organization,
        type=draft.type,
        created_by=acting_account,
        created_at=now,
        form_key=command.form_key,
        options=options.write(session_options.put(draft.session_options, options.NONE)),
        **{field: getattr(draft, field) for field in _OWN_FIELDS},
    )
    secret = new_secret() if draft.confidential else ""
    try:
        with transaction.atomic():
            application.save(force_insert=True)
            _write_addresses(application, draft)
            if secret:
                ClientSecret.objects.create(
                    application=application,
                    secret_hash=hash_of(secret),
                    hint=secret[-4:],
                    created_at=now,
                )
            _record("connect.application_registered", application, acting_account, origin)
            outbox.emit("connect.application_registered", {"application_id": application.pk})
    except IntegrityError:
        _raise_if_done(command.form_key, organization)
        raise
    return Registered(application, secret)


def change_application(
    command: ChangeApplication, *, acting_account: Account, origin: Origin
) -> Application:
    """Change an application's name, addresses, settings and logo.

    Raises:
        Refused: naming every fault of the draft and of the picture; nothing was changed.

    """
    application = command.application
    draft, logo = _checked_with_logo(command)
    with transaction.atomic():
        if logo is not None:
            logos.keep_logo(application, logo, acting_account=acting_account, origin=origin)
        before = draft_of(application)
        changed = sorted(
            field for field, value in asdict(draft).items() if getattr(before, field) != value
        )
        if not changed:
            return application
        for field in _OWN_FIELDS:
            setattr(application, field, getattr(draft, field))
        # As it is now: the page of its security may have changed it since.
        rows = Application.objects.select_for_update(no_key=True).filter(pk=application.pk)
        present = options.read(rows.values_list("options", flat=True).get())
        application.options = options.write(session_options.put(draft.session_options, present))
        application.save(update_fields=(*_OWN_FIELDS, "options"))
        if {"redirect_uris", "logout_uris"} & set(changed):
            application.redirect_uris.all().delete()
            _write_addresses(application, draft)
        _record(
            "connect.application_changed",
            application,
            acting_account,
            origin,
            {"changed": changed},
        )
    return application


def delete_application(
    application: Application, *, acting_account: Account | None, origin: Origin
) -> None:
    """Delete an application with every consent, grant, code and token that came of it.

    ``acting_account`` None: the program that registered it asks for that.
    """
    with transaction.atomic():
        _record("connect.application_deleted", application, acting_account, origin)
        outbox.emit("connect.application_deleted", {"client_id": application.client_id})
        backchannel.withdraw(BackchannelRequest.objects.filter(application=application))
        logo = application.logo
        application.delete()
        transaction.on_commit(lambda: logos.discard(logo))


def _checked(draft: Draft) -> Draft:
    tidied = tidy(draft)
    faults = faults_of(tidied, most_addresses=numbers.get("connect.redirect_urls_per_application"))
    if faults:
        raise Refused(faults)
    return tidied


def _checked_with_logo(command: ChangeApplication) -> tuple[Draft, Encoded | None]:
    faults: list[Fault] = []
    draft, logo = command.draft, None
    try:
        draft = _checked(command.draft)
        faults += _faults_of_profile(command.application, draft)
    except Refused as refused:
        faults += refused.faults
    try:
        logo = logos.encoded_logo(command.picture) if command.picture else None
    except Refused as refused:
        faults += refused.faults
    if faults:
        raise Refused(faults)
    return draft, logo


def _faults_of_profile(application: Application, draft: Draft) -> list[Fault]:
    """Return what the application's profile does not allow; its other rules are set elsewhere."""
    held = options.read(application.options)
    broken = profiles.unmet(
        held, public=False, redirect_uris=draft.redirect_uris, id_token_alg=draft.id_token_alg
    )
    fields = {"https": "redirect_uris", "id_token_alg": "id_token_alg"}
    return [Fault(fields[code], f"profile_{code}") for code in broken if code in fields]


def draft_of(application: Application) -> Draft:
    """Return the application as its owner would describe it now."""
    addresses = list(application.redirect_uris.order_by("id"))
    return Draft(
        type=application.type,
        redirect_uris=tuple(a.uri for a in addresses if a.use == RedirectUri.Use.SIGN_IN),
        logout_uris=tuple(a.uri for a in addresses if a.use == RedirectUri.Use.LOGOUT),
        **asdict(session_options.of(options.read(application.options))),
        **{field: getattr(application, field) for field in _OWN_FIELDS},
    )


def _write_addresses(application: Application, draft: Draft) -> None:
    RedirectUri.objects.bulk_create(
        RedirectUri(application=application, use=use, uri=uri)
        for use, uris in (
            (RedirectUri.Use.SIGN_IN, draft.redirect_uris),
            (RedirectUri.Use.LOGOUT, draft.logout_uris),
        )
        for uri in uris
    )


def _raise_if_done(form_key: str, organization: Organization) -> None:
    done = Application.objects.filter(form_key=form_key, organization=organization).first()
    if done is not None:
        raise AlreadyDone(done)


def _record(
    action: str,
    application: Application,
    acting_account: Account | None,
    origin: Origin,
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(
        action,
        actor=acting_account.pk if acting_account else None,
        subject=acting_account.pk if acting_account else application.created_by_id,
        organization=application.organization_id,
        target=application.client_id,
        origin=origin,
        detail={"name": application.name, **(detail or {})},
    )
