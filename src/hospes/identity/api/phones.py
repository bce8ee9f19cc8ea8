"""The Authenticator's endpoints: linking, answering, and what a phone is (docs tell the wire)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from hospes.foundation.gateways import web_push
from hospes.identity.api.framing import asked, body_of, by_phone, endpoint, success
from hospes.identity.domain import masking, throttling
from hospes.identity.schemas import phones as schemas
from hospes.identity.services.two_step import challenges, links, phones

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.models import Account, Authenticator


def _provider() -> dict[str, str]:
    return {"name": settings.HOSPES.provider_name, "issuer": settings.HOSPES.base_url}


def _account(account: Account) -> dict[str, str]:
    return {"id": account.public_id, "name": account.name, "email": account.email}


def _device(phone: Authenticator) -> dict[str, Any]:
    method = phone.method
    used = method.last_used_at
    return {
        "id": method.public_id,
        "name": method.name,
        "account": _account(method.account),
        "provider": _provider(),
        "created_at": int(method.created_at.timestamp()),
        "last_used_at": int(used.timestamp()) if used else None,
        "push": bool(phone.push_sealed),
    }


def _preview(request: HttpRequest) -> HttpResponse:
    """Tell whose invitation it is, before the phone takes it."""
    phones.admit_link(throttling.network_key(asked(request).origin.ip))
    link = links.find(**schemas.link_of(body_of(request)))
    masked = _account(link.account) | {"email": masking.email(link.account.email)}
    return success(
        {
            "account": masked,
            "provider": _provider(),
            "expires_at": int(link.expires_at.timestamp()),
        }
    )


def _link(request: HttpRequest) -> HttpResponse:
    """Link a phone."""
    origin = asked(request).origin
    phones.admit_link(throttling.network_key(origin.ip))
    body = body_of(request)
    command = schemas.link_phone(body)
    done = links.accept(links.find(**schemas.link_of(body)), command, origin=origin)
    return success(
        {
            "account": _account(done.account),
            "provider": _provider(),
            "method": {"id": done.method.public_id, "name": done.method.name},
            "token": done.token,
            "totp": {"secret": done.secret, **phones.code_settings()},
            "backup_codes": list(done.backup_codes),
            "push": bool(done.phone.push_sealed),
        },
        status=201,
    )


@by_phone
def _approve(request: HttpRequest, phone: Authenticator, uuid: UUID) -> HttpResponse:
    """Say YES to a challenge."""
    answer = schemas.answer_of(str(uuid), body_of(request), signed=True)
    challenges.approve(phone, answer, origin=asked(request).origin)
    return success(data=True)


@by_phone
def _refuse(request: HttpRequest, phone: Authenticator, uuid: UUID) -> HttpResponse:
    """Say NO to a challenge."""
    answer = schemas.answer_of(str(uuid), body_of(request, optional=True), signed=False)
    challenges.refuse(phone, answer, origin=asked(request).origin)
    return success(data=True)


@by_phone
def _current(_request: HttpRequest, phone: Authenticator) -> HttpResponse:
    """Tell a phone what is known of it."""
    return success(_device(phone))


@by_phone
def _change(request: HttpRequest, phone: Authenticator) -> HttpResponse:
    """Let a phone change its name, language, version or how it is reached."""
    changes = schemas.changes_of(body_of(request))
    phones.change(phone, changes, origin=asked(request).origin)
    return success(_device(phone))


@by_phone
def _key(_request: HttpRequest, _phone: Authenticator) -> HttpResponse:
    """Tell the key under which push services know this installation (RFC 8292)."""
    return success({"vapid_public_key": web_push.public_key()})


preview = endpoint(POST=_preview)
link = endpoint(POST=_link)
challenge = endpoint(PATCH=_approve, DELETE=_refuse)
current = endpoint(GET=_current, PATCH=_change)
key = endpoint(GET=_key)
