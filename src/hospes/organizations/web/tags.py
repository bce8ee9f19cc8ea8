"""An organization's labels: made, changed, deleted, put on many products at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from hospes.foundation.errors import NotFound
from hospes.kit.faults import Refused
from hospes.kit.paths import safe_next
from hospes.organizations import policies
from hospes.organizations.domain import colours
from hospes.organizations.forms.products import MESSAGES, TagForm
from hospes.organizations.forms.products import colours as palette
from hospes.organizations.queries import products as queries
from hospes.organizations.services.tags import (
    ChangeTag,
    CreateTag,
    TagProducts,
    change_tag,
    create_tag,
    delete_tag,
    tag_products,
)
from hospes.organizations.web.access import in_organization
from hospes.organizations.web.products import row_id
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.organizations.models import Tag
    from hospes.organizations.web.access import MemberRequest

# More than any page lists at once.
MOST_PRODUCTS = 1000


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.leads)
def index(request: MemberRequest) -> HttpResponse:
    """List the tags with how many products bear them; make another one."""
    organization = request.member.organization
    form = TagForm(initial={"color_id": 0})
    if request.method == "POST":
        form = TagForm(request.POST)
        if form.is_valid():
            command = CreateTag(
                organization, form.cleaned_data["name"], form.cleaned_data["color_id"]
            )
            try:
                made = create_tag(command, acting_account=request.account, origin=request.origin)
            except Refused as refused:
                add_faults(form, refused, MESSAGES)
            else:
                messages.success(request, _("The tag %(name)s was made.") % {"name": made.name})
                return _back(request)
    context = {
        "organization": organization,
        "rows": [
            {"tag": tag, "colour": colours.name_of(tag.color_id), "products": worn}
            for tag, worn in queries.counted_tags(organization)
        ],
        "form": form,
        "palette": palette(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "organizations/products_tags.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.leads)
def edit(request: MemberRequest, tag: int) -> HttpResponse:
    """Change a tag's name and colour."""
    found = _tag(request, tag)
    form = TagForm(initial={"name": found.name, "color_id": found.color_id})
    if request.method == "POST":
        form = TagForm(request.POST)
        if form.is_valid():
            command = ChangeTag(found, form.cleaned_data["name"], form.cleaned_data["color_id"])
            try:
                changed = change_tag(command, acting_account=request.account, origin=request.origin)
            except Refused as refused:
                add_faults(form, refused, MESSAGES)
            else:
                told = _("The tag was saved.") if changed else _("Nothing was changed.")
                messages.success(request, told)
                return _back(request)
    context = {
        "organization": request.member.organization,
        "tag": found,
        "form": form,
        "palette": palette(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "organizations/products_tag.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.leads)
def delete(request: MemberRequest, tag: int) -> HttpResponse:
    """Ask, then delete a tag; the products stay."""
    found = _tag(request, tag)
    if request.method == "POST":
        delete_tag(found, acting_account=request.account, origin=request.origin)
        messages.success(request, _("The tag %(name)s was deleted.") % {"name": found.name})
        return _back(request)
    worn = queries.count_of(found)
    context = {
        "heading": _("Delete the tag %(name)s?") % {"name": found.name},
        "text": ngettext(
            "%(count)d product bears it. The product stays.",
            "%(count)d products bear it. The products stay.",
            worn,
        )
        % {"count": worn},
        "confirm_label": _("Delete the tag"),
        "danger": True,
        "cancel_url": reverse("tags", args=[request.member.organization.public_id]),
    }
    return render(request, "site/confirm.html", context)


@require_POST
@in_organization(policies.leads)
def assign(request: MemberRequest) -> HttpResponse:
    """Put a tag on the ticked products, or take one off them; one product may get several."""
    organization = request.member.organization
    back = safe_next(request.POST.get("next"), reverse("products", args=[organization.public_id]))
    products = {row_id(value) for value in request.POST.getlist("product")[:MOST_PRODUCTS]}
    if "tags" in request.POST:
        # One product's own form: the ticked tags stay or come, all others go.
        every = {tag.pk for tag in queries.tags_of(organization)}
        add = {row_id(value) for value in request.POST.getlist("tag")}
        remove = every - add
    else:
        wanted = row_id(request.POST.get("tag", ""))
        taking = request.POST.get("do") == "remove"
        add, remove = (set(), {wanted}) if taking else ({wanted}, set())
        if not wanted or not products:
            messages.warning(request, _("Tick products and choose a tag first."))
            return HttpResponseRedirect(back)
    changed = tag_products(
        TagProducts(organization, products, add, remove),
        acting_account=request.account,
        origin=request.origin,
    )
    told = (
        ngettext(
            "The tags of %(count)d product were changed.",
            "The tags of %(count)d products were changed.",
            changed,
        )
        % {"count": changed}
        if changed
        else _("Nothing was changed.")
    )
    messages.success(request, told)
    return HttpResponseRedirect(back)


def _tag(request: MemberRequest, number: int) -> Tag:
    found = queries.tag(request.member.organization, number)
    if found is None:
        raise NotFound
    return found


def _back(request: MemberRequest) -> HttpResponse:
    return HttpResponseRedirect(reverse("tags", args=[request.member.organization.public_id]))
