"""Rights on single products in a form about an invitation: searched for, then ticked.

There may be thousands of products, so the form shows those that are ticked already and a few that
match what is searched for. Searching sends the whole form, and it comes back with all that was
typed; that works without scripts too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from hospes.organizations.domain import rights
from hospes.organizations.queries import invitations as queries
from hospes.organizations.services.grants import Wanted
from hospes.organizations.web import lists
from hospes.organizations.web.teams import grid_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django import forms
    from django.http import HttpRequest

    from hospes.organizations.models import Invitation, Organization, Product

WORDS, SOUGHT, STEP, FIND = "product_words", "product_sought", "step", "find"
# Products found at once, and products that one form holds: four ticks each, within what a form
# may send.
MOST_FOUND = 20
MOST_TICKED = 50


def is_asked(request: HttpRequest) -> bool:
    """Return whether the form was sent to search for products, and not to be carried out.

    Return in a field presses no button of ours: then words that were not searched for yet are
    searched for, so that nobody is invited by whoever wanted to see products first.
    """
    step = request.POST.get(STEP, "")
    if step:
        return step == FIND
    return _words(request, WORDS) != _words(request, SOUGHT)


def shown(
    request: HttpRequest,
    organization: Organization,
    held: set[tuple[str, str]],
    *,
    left_out: int = 0,
) -> dict[str, Any]:
    """Return what the form says of single products; ``held`` are ticks as (reach, right).

    ``left_out`` more products are part of the invitation and stay, whatever the form says.
    """
    keys = product_keys(word for word, _right in held)
    full = len(keys) >= MOST_TICKED
    searched = request.method == "POST" and is_asked(request) and not full
    words = _words(request, WORDS) if searched else ""
    ticked = queries.products_ticked(organization, keys)
    found = (
        queries.products_found(organization, words, besides=keys, most=MOST_FOUND + 1)
        if searched
        else []
    )
    return {
        "singles": [_row(each, held) for each in (*ticked, *found[:MOST_FOUND])],
        "product_words": words,
        "searched": searched,
        "found": min(len(found), MOST_FOUND),
        "more": len(found) > MOST_FOUND,
        "full": full,
        "most": MOST_TICKED,
        "left_out": left_out,
    }


def beyond(invitation: Invitation) -> frozenset[Wanted]:
    """Return those of its rights on single products that are too many for its form."""
    keys = product_keys(grant.reach for grant in invitation.grants.all())
    if len(keys) <= MOST_TICKED:
        return frozenset()
    ticked = queries.products_ticked(invitation.organization, keys)
    kept = {rights.product(each.pk).word: rights.product(each.pk) for each in ticked[MOST_TICKED:]}
    return frozenset(
        Wanted(kept[grant.reach], grant.right)
        for grant in invitation.grants.all()
        if grant.reach in kept
    )


def product_keys(words: Iterable[str]) -> set[int]:
    """Return the keys of the products that reaches name singly."""
    reaches = (rights.reach(word) for word in words)
    return {each.id for each in reaches if each is not None and each.kind == "product"}


def typed(form: forms.Form, data: Mapping[str, Any], files: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed so far, as the beginning of a form that nobody judges yet."""
    return {
        name: field.widget.value_from_datadict(data, files, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def pairs(wanted: Iterable[Wanted]) -> set[tuple[str, str]]:
    """Return ticks as (reach, right)."""
    return {(each.reach.word, each.right) for each in wanted}


def _words(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()[: lists.LONGEST_SEARCH]


def _row(product: Product, held: set[tuple[str, str]]) -> dict[str, Any]:
    service = product.service.name_in(get_language() or "en")
    return grid_row(rights.product(product.pk).word, str(product), held, service=service)
