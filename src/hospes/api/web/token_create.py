"""Creating an API token, and the one page on which it is shown."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from hospes.api.forms.tokens import FORM_KEY, SOME, TokenForm, new_form_key
from hospes.api.services.tokens import AlreadyDone, create_token, faults_in
from hospes.api.web.token_words import instant, scope_words
from hospes.foundation import numbers
from hospes.identity.web.guards import signed_in
from hospes.kit.faults import Refused
from hospes.organizations.queries import memberships, rights
from hospes.rest import registry

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.api.services.tokens import Created
    from hospes.identity.web.guards import SignedInRequest
    from hospes.organizations.models import Membership, Product

# As many products as a page shows; the search narrows them.
SHOWN = 100
LONGEST_SEARCH = 100


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in
@sensitive_variables("created")
def create(request: HttpRequest) -> HttpResponse:
    """Ask what the token may; create it; show it this once."""
    person = cast("SignedInRequest", request)
    mine = memberships(request)
    if request.method != "POST":
        return _form_page(request, TokenForm(memberships=mine), mine)
    form = TokenForm(request.POST, memberships=mine)
    _offer(form, request)
    key = request.POST.get("form_key", "")
    if "more" in request.POST or not form.is_valid() or not FORM_KEY.fullmatch(key):
        if set(form.errors) == {"until"}:
            # The one field that the service cannot be asked about must not hide the others' faults.
            command = form.command(key, zone=person.account.timezone)
            faults = faults_in(command, acting_account=person.account)
            if faults:
                form.show_faults(Refused(faults))
        return _form_page(request, form, mine)
    try:
        created = create_token(
            form.command(key, zone=person.account.timezone),
            acting_account=person.account,
            origin=person.origin,
        )
    except Refused as refused:
        form.show_faults(refused)
        return _form_page(request, form, mine)
    except AlreadyDone:
        messages.info(
            request,
            _("This was done already. A token is shown only once, so it is not shown again."),
        )
        return HttpResponseRedirect(reverse("settings_tokens"))
    return _shown(request, created)


def _shown(request: HttpRequest, created: Created) -> HttpResponse:
    """Return the page with the token; it is built from this very answer and kept nowhere."""
    token = created.token
    context = {
        "token": token,
        "value": created.value,
        "scopes": scope_words(token.scope),
        "expires": instant(token.expires_at),
        "curl": f'curl -H "Authorization: Bearer {created.value}" '
        f"{request.build_absolute_uri('/api/1/ping')}",
        "unused_days": numbers.get("api.token_unused_days"),
    }
    return render(request, "api/token_shown.html", context)


def _offer(form: TokenForm, request: HttpRequest) -> None:
    """Let the form take whatever ids were sent: the service knows which are the person's."""
    sent = {text for text in request.POST.getlist("products") if len(text) <= 20}  # noqa: PLR2004 - longer is no id
    form.fields["products"].choices = [(text, text) for text in sent]  # type: ignore[attr-defined] # a ChoiceField


def _form_page(request: HttpRequest, form: TokenForm, mine: tuple[Membership, ...]) -> HttpResponse:
    key = request.POST.get("form_key", "")
    more = "more" in request.POST
    words = request.POST.get("product_words", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    wants_products = form.is_bound and form["reach"].value() == SOME
    products, left = _products(form, mine, words) if wants_products else ([], 0)
    context = {
        "form": form,
        "form_key": key if FORM_KEY.fullmatch(key) else new_form_key(),
        "groups": _groups(form),
        "products": products,
        "products_left": left,
        "product_words": words,
        "wants_products": wants_products,
        "faults": form.errors if form.is_bound and not more else {},
    }
    status = 422 if form.is_bound and form.errors and not more else 200
    return render(request, "api/token_new.html", context, status=status)


def _groups(form: TokenForm) -> list[list[dict[str, object]]]:
    """Return the scopes to tick, those of one area together."""
    chosen = set(form["scopes"].value() or ())
    known = sorted(registry.scopes(), key=lambda scope: scope.name.rpartition(":")[0])
    return [
        [{"name": s.name, "label": s.label, "checked": s.name in chosen} for s in area]
        for _area, area in groupby(known, key=lambda scope: scope.name.rpartition(":")[0])
    ]


def _products(
    form: TokenForm, mine: tuple[Membership, ...], words: str
) -> tuple[list[dict[str, object]], int]:
    """Return the products to tick, the chosen ones first, and how many more match the words."""
    asked = form["organization"].value() or ""
    membership = next((each for each in mine if str(each.organization_id) == asked), None)
    if membership is None:
        return [], 0
    ids = [int(text) for text in form["products"].value() or () if _is_id(text)]
    visible = rights.visible_products(membership).order_by("internal_name", "pk")
    chosen = list(visible.filter(pk__in=ids))
    others = visible.exclude(pk__in=ids)
    for word in words.split():
        others = others.filter(
            Q(customer_name__icontains=word)
            | Q(internal_name__icontains=word)
            | Q(fqdn__icontains=word)
        )
    shown = list(others[:SHOWN])
    left = others.count() - len(shown) if len(shown) == SHOWN else 0
    return [_product(each, checked=True) for each in chosen] + [
        _product(each, checked=False) for each in shown
    ], left


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18  # noqa: PLR2004 - a 64-bit id has 19 digits


def _product(product: Product, *, checked: bool) -> dict[str, object]:
    return {
        "id": product.pk,
        "name": product.customer_name or product.internal_name,
        "also": product.fqdn,
        "checked": checked,
    }
