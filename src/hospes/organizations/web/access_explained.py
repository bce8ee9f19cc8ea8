"""Who can do what on a product, and what a person can do; each with every reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hospes.foundation.errors import Denied, NotFound
from hospes.organizations import policies
from hospes.organizations.domain.rights import RIGHTS, is_right
from hospes.organizations.models import right_words, role_words
from hospes.organizations.queries import access, rights
from hospes.organizations.web import lists
from hospes.organizations.web.access import in_organization
from hospes.organizations.web.team_rights import member_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

    from hospes.organizations.domain.rights import Decision, Reach, Why
    from hospes.organizations.models import Membership, Product
    from hospes.organizations.web.access import MemberRequest


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that gives a right, in words; ``team`` is the key of the team, 0 without."""

    text: str
    team: int = 0


@require_safe
@in_organization(policies.may_manage_teams)
def index(request: MemberRequest) -> HttpResponse:
    """Look for a product or for a person to explain."""
    organization = request.member.organization
    words = lists.words_of(request)
    by_person = request.GET.get("by") == "person"
    context: dict[str, Any] = {"organization": organization, "words": words}
    if by_person:
        people = lists.page_of(request, access.named(organization.memberships.all(), words))
        context["page"] = people
        context["people"] = [
            {"account": each.account, "role": role_words.NAMES[each.role]} for each in people
        ]
    else:
        found = access.filtered(access.products_of(organization), words=words)
        products = lists.page_of(request, found)
        language = get_language() or "en"
        context["page"] = products
        context["products"] = [
            {"product": each, "service": each.service.name_in(language)} for each in products
        ]
    return render(request, "organizations/access.html", {**context, "by_person": by_person})


@require_safe
@in_organization(policies.may_manage_teams)
def of_product(request: MemberRequest, product: int) -> HttpResponse:
    """Show who can do what on a product, and why."""
    found = _product(request, product)
    words, right = lists.words_of(request), _right(request)
    page = lists.page_of(request, access.people_on(found, words=words, right=right))
    decided = access.explain_people(found, list(page))
    context = {
        "organization": request.member.organization,
        "product": found,
        "service": found.service.name_in(get_language() or "en"),
        "rows": [
            {
                "account": each.account,
                "role": role_words.NAMES[each.role],
                "rights": _explained(decided[each.pk]),
            }
            for each in page
        ],
        "page": page,
        **_filters(words, right),
        "query": lists.query_of(request),
    }
    return render(request, "organizations/access_product.html", context)


@require_safe
@in_organization(policies.may_manage_teams)
def of_product_csv(request: MemberRequest, product: int) -> StreamingHttpResponse:
    """Stream who can do what on a product, filtered like the page, as CSV."""
    found = _product(request, product)
    people = access.people_on(found, words=lists.words_of(request), right=_right(request))

    def rows() -> Iterator[tuple[object, ...]]:
        for piece in lists.in_chunks(people):
            decided = access.explain_people(found, piece)
            for each in piece:
                person = (each.account.name, each.account.email, role_words.NAMES[each.role])
                for told in _explained(decided[each.pk]):
                    yield *person, told["name"], _joined(told)

    head = (_("Name"), _("E-mail address"), _("Role"), _("Right"), _("Why"))
    return lists.csv_file(f"access-product-{found.pk}", head, rows())


@require_safe
@in_organization()
def of_member(request: MemberRequest, account: UUID) -> HttpResponse:
    """Show what a member can do on which products, and why; everybody sees their own."""
    found = _member(request, account)
    words, right = lists.words_of(request), _right(request)
    page = lists.page_of(request, _products(found, words, right))
    decided = access.explain_products(found, list(page))
    language = get_language() or "en"
    context = {
        "organization": request.member.organization,
        "member": found,
        "role": role_words.NAMES[found.role],
        "own": found.pk == request.member.pk,
        "may_manage": policies.may_manage_teams(request.member),
        "rows": [
            {
                "product": each,
                "service": each.service.name_in(language),
                "rights": _explained(decided[each.pk]),
            }
            for each in page
        ],
        "page": page,
        **_filters(words, right),
        "query": lists.query_of(request),
    }
    return render(request, "organizations/access_member.html", context)


@require_safe
@in_organization()
def of_member_csv(request: MemberRequest, account: UUID) -> StreamingHttpResponse:
    """Stream what a member can do, filtered like the page, as CSV."""
    found = _member(request, account)
    products = _products(found, lists.words_of(request), _right(request))
    language = get_language() or "en"

    def rows() -> Iterator[tuple[object, ...]]:
        for piece in lists.in_chunks(products, lists.PAGE):
            decided = access.explain_products(found, piece)
            for each in piece:
                thing = (str(each), each.service.name_in(language), each.fqdn)
                for told in _explained(decided[each.pk]):
                    yield *thing, told["name"], _joined(told)

    head = (_("Product"), _("Service"), _("Host name"), _("Right"), _("Why"))
    return lists.csv_file(f"access-{found.account.public_id}", head, rows())


def _product(request: MemberRequest, key: int) -> Product:
    found = (
        access.products_of(request.member.organization)
        .select_related("service")
        .filter(pk=key)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _member(request: MemberRequest, account: UUID) -> Membership:
    found = member_of(request, account)
    if found.pk != request.member.pk and not policies.may_manage_teams(request.member):
        raise Denied
    return found


def _products(member: Membership, words: str, right: str) -> Any:
    found = rights.products_with(member, right) if right else rights.visible_products(member)
    return access.filtered(found, words=words)


def _right(request: HttpRequest) -> str:
    right = request.GET.get("right", "")
    return right if is_right(right) else ""


def _filters(words: str, right: str) -> dict[str, Any]:
    return {
        "words": words,
        "right": right,
        "filtered": bool(words or right),
        "kinds": [{"value": each, "label": right_words.NAMES[each]} for each in RIGHTS],
    }


def _explained(decision: Decision) -> list[dict[str, Any]]:
    """Return the rights of a decision with their reasons, in words."""
    return [
        {
            "right": right,
            "name": right_words.NAMES[right],
            "reasons": [_reason(why) for why in decision.reasons[right]],
        }
        for right in RIGHTS
        if decision.allows(right)
    ]


def _reason(why: Why) -> Reason:
    grant = why.grant
    if grant is None:
        return Reason(_("By role: %(role)s") % {"role": role_words.NAMES[why.role]})
    reach = _reach(grant.reach)
    if grant.holder == "team":
        told = {"team": grant.holder_name, "reach": reach}
        return Reason(_("Work team %(team)s (%(reach)s)") % told, grant.holder_id)
    return Reason(_("Given directly (%(reach)s)") % {"reach": reach})


def _reach(reach: Reach) -> str:
    if reach.kind == "all":
        return _("all products")
    return _("all of this service") if reach.kind == "service" else _("this product")


def _joined(told: dict[str, Any]) -> str:
    return "; ".join(reason.text for reason in told["reasons"])
