"""How the browser carries an answer to an application, and what people see when it must not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy

from hospes.connect.services.signing_keys import key_source
from hospes.connect.web.addresses import issuer
from hospes.connect.web.noting import note_answer, note_fault
from hospes.edge.signing import signer
from hospes.foundation import clock, numbers
from hospes.protocols.oauth import jarm

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrOrPromise

    from hospes.protocols.oauth.authorize import Answer, PageError

FAULTS: Final[dict[str, _StrOrPromise]] = {
    "unreadable": gettext_lazy("The address that brought you here is damaged."),
    "too_long": gettext_lazy("The site sent more than fits into one request."),
    "client_id_missing": gettext_lazy("The site did not say who it is."),
    "client_id_repeated": gettext_lazy("The site said more than once who it is."),
    "client_unknown": gettext_lazy(
        "The site is not registered here. It may have been removed, or its client ID is mistyped."
    ),
    "redirect_uri_missing": gettext_lazy("The site did not say where to send you back to."),
    "redirect_uri_repeated": gettext_lazy(
        "The site named more than one address to send you back to."
    ),
    "redirect_uri_mismatch": gettext_lazy(
        "The site asked to send you back to an address that it has not registered. You stay here, "
        "so that nobody else can take over your sign-in."
    ),
    "request_uri_invalid": gettext_lazy(
        "This sign-in has ended: it was finished before, or it waited for too long. Go back to the "
        "site and begin again."
    ),
}


def redirect(location: str, *, after_form: bool) -> HttpResponse:
    """Redirect to another site or app. ``after_form``: the next request is to be a GET."""
    # Django's own redirect knows the web's schemes only; a registered app has one of its own.
    response = HttpResponse(status=303 if after_form else 302)
    response["Location"] = location
    # The address before this one may hold a state or a login hint.
    response["Referrer-Policy"] = "no-referrer"
    add_never_cache_headers(response)
    return response


def send(request: HttpRequest, answer: Answer) -> HttpResponse:
    """Send the browser to the application with ``answer``."""
    note_answer(request, answer)
    if answer.signed_for is not None:
        answer = _signed(answer, *answer.signed_for)
    if answer.response_mode.startswith("query"):
        return redirect(answer.location, after_form=request.method == "POST")
    context = {"action": answer.redirect_uri, "fields": answer.fields}
    response = render(request, "connect/form_post.html", context)
    response["Referrer-Policy"] = "no-referrer"
    add_never_cache_headers(response)
    return response


def _signed(answer: Answer, client_id: str, alg: str) -> Answer:
    """Return the answer with nothing but its signed form (JARM §2.3)."""
    claims = jarm.claims(
        answer.fields,
        issuer=issuer(),
        client_id=client_id,
        # As long as the code in it.
        expires_at=clock.timestamp() + numbers.get("connect.code_seconds"),
    )
    return replace(answer, fields=(("response", signer(key_source, alg).sign(claims)),))


def fault_page(request: HttpRequest, code: str, fault: PageError | None = None) -> HttpResponse:
    """Tell the person that the request of the site is wrong; never send them anywhere."""
    if fault is not None:
        note_fault(request, fault)
    context = {
        "text": FAULTS[code],
        "code": code,
        "received": fault.received if fault else "",
    }
    return render(request, "connect/authorize_fault.html", context, status=400)
