"""The page of an application's security: how it proves itself, and what it is held to."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from hospes.connect.forms.security import SecurityForm
from hospes.connect.services.security import (
    change_security,
    metadata_of,
    offer,
    unmet,
)
from hospes.connect.web.access import application_of, managing
from hospes.connect.web.application_create import secret_page
from hospes.connect.web.security_words import PROFILES, checklist
from hospes.identity.web.guards import recently_confirmed
from hospes.kit.faults import Refused

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.connect.models import Application
    from hospes.identity.web.guards import SignedInRequest
    from hospes.protocols.oauth.registration import Metadata


@require_http_methods(["GET", "POST"])
@never_cache
@recently_confirmed
@sensitive_variables("changed")
def edit(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Show and change the application's security; a new secret is shown this once."""
    person = cast("SignedInRequest", request)
    application = application_of(managing(person), client_id)
    metadata = metadata_of(application)
    if request.method == "GET":
        return _page(request, application, metadata, SecurityForm(metadata=metadata, offer=offer()))
    form = SecurityForm(request.POST, metadata=metadata, offer=offer())
    if not form.is_valid():
        return _page(request, application, metadata, form)
    try:
        changed = change_security(
            form.command(application), acting_account=person.account, origin=person.origin
        )
    except Refused as refused:
        form.show_faults(refused)
        return _page(request, application, metadata, form)
    if changed.secret:
        return secret_page(request, application, changed.secret, new=False)
    messages.success(request, _("The security of the application is saved."))
    return HttpResponseRedirect(reverse("application_detail", args=[client_id]))


def _page(
    request: HttpRequest, application: Application, metadata: Metadata, form: SecurityForm
) -> HttpResponse:
    context = {
        "application": application,
        "form": form,
        "chosen": form["profile"].value() or "default",
        "profiles": [
            {
                "value": value,
                "label": label,
                "text": text,
                "rows": checklist(value, missing),
                "missing": len(missing),
            }
            for value, label, text in PROFILES
            for missing in (unmet(metadata, value),)
        ],
        "groups": _groups(form),
        "mobile": metadata.type == "mobile",
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "connect/application_security.html", context, status=status)


def _groups(form: SecurityForm) -> list[dict[str, object]]:
    """Return the fields under headings, those that this provider has."""
    found = (
        (
            _("Keys"),
            _("Needed where the application proves itself with a key, or something is signed or "
              "encrypted."),
            ("jwks", "jwks_uri", "token_endpoint_auth_signing_alg"),
        ),
        (
            _("Certificate"),
            _("Only for a certificate of an authority."),
            ("tls_client_auth_subject_dn", "tls_client_auth_san_dns"),
        ),
        (
            _("Tokens"),
            "",
            (
                "dpop_bound_access_tokens", "tls_client_certificate_bound_access_tokens",
                "access_token_format", "machine", "exchange", "resource_uris",
            ),
        ),
        (
            _("Requests and answers"),
            "",
            (
                "require_pushed_authorization_requests", "require_signed_request_object",
                "request_object_signing_alg", "authorization_signed_response_alg",
                "userinfo_signed_response_alg", "id_token_encrypted_response_alg",
                "id_token_encrypted_response_enc",
            ),
        ),
        (_("People"), "", ("subject_type", "sector_identifier_uri")),
    )  # fmt: skip
    return [
        {
            "title": title,
            "text": text,
            "fields": [form[name] for name in names if name in form.fields],
        }
        for title, text, names in found
        if any(name in form.fields for name in names)
    ]
