"""Revoking API tokens: one, several or all, after a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hospes.api.queries import tokens as queries
from hospes.api.services.tokens import revoke_all, revoke_tokens
from hospes.identity.web.guards import signed_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest

NAMED = 20
MOST = 500
_ID_DIGITS = 18


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def revoke(request: HttpRequest) -> HttpResponse:
    """Name the tokens that the address chooses, ask, and revoke them."""
    person = cast("SignedInRequest", request)
    every = request.GET.get("all") == "1"
    ids = _ids(request)
    back = reverse("settings_tokens")
    if request.method == "POST":
        if every:
            count = revoke_all(acting_account=person.account, origin=person.origin)
        else:
            count = revoke_tokens(ids, acting_account=person.account, origin=person.origin)
        told = ngettext("%(count)d token was revoked.", "%(count)d tokens were revoked.", count) % {
            "count": count
        }
        if count:
            messages.success(request, told)
        else:
            messages.info(request, _("No token was revoked: none of them was working any more."))
        return HttpResponseRedirect(back)
    found = queries.not_revoked(person.account) if every else queries.chosen_of(person.account, ids)
    count = found.count()
    if not count:
        messages.info(request, _("Select the tokens to revoke first."))
        return HttpResponseRedirect(back)
    context = {
        "tokens": list(found[:NAMED]),
        "count": count,
        "left": max(0, count - NAMED),
        "cancel_url": back,
        "danger": True,
        "heading": ngettext("Revoke %(count)d token?", "Revoke %(count)d tokens?", count)
        % {"count": count},
    }
    return render(request, "api/tokens_revoke.html", context)


def _ids(request: HttpRequest) -> list[int]:
    texts = request.GET.getlist("token")[:MOST]
    return [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) <= _ID_DIGITS]
