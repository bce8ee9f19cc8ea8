"""``/oauth2/register``: programs register applications and look after them (RFC 7591, RFC 7592)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from hospes.connect.services import initial_tokens, program_registration
from hospes.connect.services.security import metadata_of
from hospes.foundation import counters, numbers
from hospes.identity.domain.throttling import network_key
from hospes.identity.middleware import origin_of
from hospes.protocols.oauth import registration, signed
from hospes.protocols.oauth.discovery import PATHS
from hospes.protocols.oauth.errors import NO_STORE, BearerRefusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from hospes.connect.models import Application
    from hospes.connect.services.program_registration import Kept

    _Method = Callable[..., HttpResponse]

BODY_LIMIT: Final = 64 * 1024
LONGEST_TOKEN: Final = 200
_MINUTE: Final = timedelta(minutes=1)


class _Faulty(Exception):
    """A request that is answered with an error of RFC 7591 §3.2.2, or one of HTTP's."""

    def __init__(
        self, error: str, description: str, status: int = 400, *, retry_after: int = 0
    ) -> None:
        self.error, self.description, self.status = error, description, status
        self.retry_after = retry_after
        super().__init__(error)


@csrf_exempt
def register(request: HttpRequest) -> HttpResponse:
    """Register an application for the organization that the initial access token names."""
    return _answer(request, {"POST": _register})


@csrf_exempt
def manage(request: HttpRequest, client_id: str) -> HttpResponse:
    """Tell, change or delete an application, as the program asks that registered it."""
    methods = {"GET": _read, "PUT": _change, "DELETE": _delete}
    return _answer(request, methods, client_id)


def _answer(request: HttpRequest, methods: dict[str, _Method], *values: str) -> HttpResponse:
    method = methods.get(str(request.method))
    try:
        if method is None:
            response = HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
        else:
            _throttle(request)
            response = method(request, *values)
    except BearerRefusal as refusal:
        told = refusal.answer()
        response = JsonResponse(told.body, status=told.status, headers=dict(told.headers))
    except _Faulty as faulty:
        response = JsonResponse(
            {"error": faulty.error, "error_description": faulty.description}, status=faulty.status
        )
        if faulty.retry_after:
            response["Retry-After"] = str(faulty.retry_after)
    except program_registration.FaultyMetadata as faulty:
        first = faulty.faults[0]
        response = JsonResponse(
            {
                "error": first.error,
                "error_description": " ".join(fault.text for fault in faulty.faults),
            },
            status=400,
        )
    except program_registration.TokenEnded:
        told = _refusal().answer()
        response = JsonResponse(told.body, status=told.status, headers=dict(told.headers))
    for name, value in NO_STORE:
        response[name] = value
    return response


def _throttle(request: HttpRequest) -> None:
    limit = numbers.get("connect.registration_requests_per_minute")
    key = network_key(request.META.get("REMOTE_ADDR", ""))
    hit = counters.hit("connect.registration", key, limit=limit, window=_MINUTE)
    if not hit.allowed:
        raise _Faulty(
            "temporarily_unavailable",
            "Too many requests; try again later.",
            429,
            retry_after=int(hit.retry_after),
        )


def _refusal() -> BearerRefusal:
    return BearerRefusal("invalid_token", "The token is unknown, used up or has ended.")


def _token(request: HttpRequest) -> str:
    """Return the token of the ``Authorization`` header (RFC 6750 §2.1); none is taken elsewhere."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        raise BearerRefusal
    return value.strip()[:LONGEST_TOKEN]


def _told(request: HttpRequest) -> dict[str, object]:
    """Return the metadata of the body."""
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise _Faulty("invalid_client_metadata", "The body must be application/json.")
    if len(request.body) > BODY_LIMIT:
        raise _Faulty("invalid_client_metadata", f"The body has over {BODY_LIMIT} bytes.", 413)
    try:
        return signed.members_of(request.body.decode("utf-8"))
    except (UnicodeDecodeError, signed.UnreadableError):
        raise _Faulty(
            "invalid_client_metadata", "The body must be one JSON object, each member named once."
        ) from None


@sensitive_variables("value", "kept")
def _register(request: HttpRequest) -> HttpResponse:
    token = initial_tokens.find(_token(request))
    if token is None:
        raise _refusal()
    kept = program_registration.register_by_program(
        _told(request), token=token, origin=origin_of(request.META)
    )
    return JsonResponse(_registered(kept), status=201)


def _managed(request: HttpRequest, client_id: str) -> tuple[Application, str]:
    value = _token(request)
    application = program_registration.managed(client_id, value)
    if application is None:
        raise _refusal()
    return application, value


@sensitive_variables("value", "kept")
def _read(request: HttpRequest, client_id: str) -> HttpResponse:
    application, value = _managed(request, client_id)
    metadata = metadata_of(application)
    return JsonResponse(_registered(program_registration.Kept(application, metadata, value)))


@sensitive_variables("kept")
def _change(request: HttpRequest, client_id: str) -> HttpResponse:
    application, _value = _managed(request, client_id)
    kept = program_registration.change_by_program(
        _told(request), application=application, origin=origin_of(request.META)
    )
    return JsonResponse(_registered(kept))


def _delete(request: HttpRequest, client_id: str) -> HttpResponse:
    application, _value = _managed(request, client_id)
    program_registration.delete_by_program(application, origin=origin_of(request.META))
    return HttpResponse(status=204)


def _registered(kept: Kept) -> dict[str, object]:
    """Return what RFC 7591 §3.2.1 and RFC 7592 §3 ask for.

    A secret is told only where it is new: what is kept of it is not the secret.
    """
    application = kept.application
    address = f"{settings.HOSPES.base_url}{PATHS['registration_endpoint']}/{application.client_id}"
    told: dict[str, object] = {
        "client_id": application.client_id,
        "client_id_issued_at": application.created_at,
        "registration_access_token": kept.token,
        "registration_client_uri": address,
        **registration.describe(kept.metadata),
        "client_name": application.name,
    }
    if kept.secret:
        told["client_secret"] = kept.secret
        # RFC 7591 §3.2.1: 0 says that it does not end by itself.
        told["client_secret_expires_at"] = 0
    return told
