"""What an organization holds: the list, and one product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation import clock
from hospes.foundation.errors import Denied, NotFound
from hospes.kit import csv_text
from hospes.kit.faults import Refused
from hospes.organizations import policies
from hospes.organizations.domain import colours
from hospes.organizations.forms.products import MESSAGES, RenameForm
from hospes.organizations.policies import rights as right_policies
from hospes.organizations.queries import products as queries
from hospes.organizations.queries import rights as right_queries
from hospes.organizations.queries.products import SORTS, ProductFilter
from hospes.organizations.services.products import RenameProduct, rename_product
from hospes.organizations.web.access import in_organization
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from hospes.organizations.models import Membership, Product, Tag
    from hospes.organizations.web.access import MemberRequest

LONGEST_SEARCH = 200
_ID_DIGITS = 18
STATES = (
    (queries.EXPIRING, gettext_lazy("Ends within 30 days")),
    (queries.EXPIRED, gettext_lazy("Has ended")),
)
SORT_LABELS = (
    ("name", gettext_lazy("Name")),
    ("service", gettext_lazy("Service")),
    ("expires", gettext_lazy("End, the next first")),
    ("-expires", gettext_lazy("End, the latest first")),
    ("newest", gettext_lazy("Newest first")),
)


def row_id(text: str) -> int:
    """Return a row id out of an address; 0 for anything that is none."""
    usable = text.isascii() and text.isdigit() and len(text) <= _ID_DIGITS
    return int(text) if usable else 0


def chosen_of(request: HttpRequest) -> ProductFilter:
    """Return what the address asks for; what cannot be read filters nothing."""
    state, sort = request.GET.get("state", ""), request.GET.get("sort", "")
    return ProductFilter(
        words=request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH],
        service=row_id(request.GET.get("service", "")),
        tag=row_id(request.GET.get("tag", "")),
        state=state if state in {queries.EXPIRING, queries.EXPIRED} else "",
        sort=sort if sort in SORTS else "name",
    )


@require_safe
@in_organization()
def index(request: MemberRequest) -> HttpResponse:
    """List the products that the member has any right on."""
    member, chosen = request.member, chosen_of(request)
    page = Paginator(queries.listed(member, chosen), queries.PAGE).get_page(request.GET.get("page"))
    language = get_language() or "en"
    now = clock.now()
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "organization": member.organization,
        "rows": [row(product, language, now) for product in page],
        "page": page,
        "chosen": chosen,
        "services": [
            {"pk": service.pk, "name": service.name_in(language)}
            for service in queries.services_held(member)
        ],
        "tags": [shown_tag(tag) for tag in queries.tags_for(member)],
        "states": STATES,
        "sorts": SORT_LABELS,
        "query": query.urlencode(),
        "leads": policies.leads(member),
    }
    return render(request, "organizations/products.html", context)


def shown_tag(tag: Tag) -> dict[str, object]:
    """Return a tag for the template."""
    return {"pk": tag.pk, "name": tag.name, "colour": colours.name_of(tag.color_id)}


def row(product: Product, language: str, now: datetime) -> dict[str, object]:
    """Return a product for the template."""
    return {
        "product": product,
        "name": product.customer_name or product.internal_name,
        "service": product.service.name_in(language),
        "tags": [shown_tag(tag) for tag in product.tags.all()],
        "state": _state(product, now),
    }


def _state(product: Product, now: datetime) -> str:
    if product.locked_at is not None:
        return "locked"
    if product.expires_at is None:
        return ""
    if product.expires_at <= now:
        return "expired"
    return "expiring" if (product.expires_at - now).days < queries.EXPIRING_DAYS else ""


@require_safe
@in_organization()
def export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the list, filtered and sorted like the page, as CSV."""
    rows = _csv(request.member, chosen_of(request), get_language() or "en")
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    name = f"products-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv(member: Membership, chosen: ProductFilter, language: str) -> Iterator[str]:
    # Spreadsheets recognise UTF-8 by its mark.
    yield "\ufeff" + csv_text.line(
        (
            _("ID"),
            _("Service"),
            _("Your name for it"),
            _("Our name for it"),
            _("Host name"),
            _("Tags"),
            _("Since"),
            _("Ends"),
        )
    )
    for product in queries.in_pieces(member, chosen):
        ends = product.expires_at
        yield csv_text.line(
            (
                product.pk,
                product.service.name_in(language),
                product.customer_name,
                product.internal_name,
                product.fqdn,
                ", ".join(tag.name for tag in product.tags.all()),
                timezone.localtime(product.created_at).date().isoformat(),
                timezone.localtime(ends).date().isoformat() if ends else "",
            )
        )


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization()
def detail(request: MemberRequest, product: int) -> HttpResponse:
    """Show one product; let whoever may manage it call it otherwise."""
    member = request.member
    found = queries.find(member, product)
    if found is None:
        raise NotFound
    decision = right_queries.decide(member, found)
    may_manage = right_policies.may_manage_product(decision)
    form = RenameForm(initial={"customer_name": found.customer_name})
    if request.method == "POST":
        if not may_manage:
            raise Denied
        form = RenameForm(request.POST)
        if form.is_valid():
            try:
                changed = rename_product(
                    RenameProduct(found, form.cleaned_data["customer_name"]),
                    acting_account=request.account,
                    origin=request.origin,
                )
            except Refused as refused:
                add_faults(form, refused, MESSAGES)
            else:
                told = _("The name was saved.") if changed else _("Nothing was changed.")
                messages.success(request, told)
                return HttpResponseRedirect(
                    reverse("product", args=[member.organization.public_id, found.pk])
                )
    context = {
        "organization": member.organization,
        **row(found, get_language() or "en", clock.now()),
        "form": form,
        "may_manage": may_manage,
        "leads": policies.leads(member),
        "all_tags": [shown_tag(tag) for tag in queries.tags_for(member)],
        "worn": {tag.pk for tag in found.tags.all()},
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "organizations/product.html", context, status=status)
