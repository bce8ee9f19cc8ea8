"""What a message says of an event: the ids it named, and what people call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hospes.identity.models import Account
from hospes.organizations.models import Invitation, Organization, Product, Team

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Payload words of which the message makes objects; all others stay as they are.
_LISTS = ("added", "removed")


def data_of(payload: dict[str, Any]) -> dict[str, Any]:
    """Return the ``data`` of a message for an event's payload.

    Persons come with the name and address that legal representatives and administrators see in
    the member list. What is gone already comes with its id alone.
    """
    people = _people(_account_ids(payload))
    data: dict[str, Any] = {}
    for word, value in payload.items():
        if word == "organization_id":
            data["organization"] = _organization(value)
        elif word == "actor_id":
            data["actor"] = people.get(value) if value is not None else None
        elif word == "account_id":
            data["user"] = people.get(value, {"id": value})
        elif word in _LISTS:
            data[word] = [people.get(each, {"id": each}) for each in value]
        elif word == "holder":
            data.update(_holder(str(value), people))
        elif word in _FINDERS:
            data[word.removesuffix("_id")] = _FINDERS[word](value, payload)
        elif word not in {"name", "email"}:
            data[word] = value
    return data


def _account_ids(payload: dict[str, Any]) -> set[int]:
    found = {payload.get("actor_id"), payload.get("account_id")}
    for word in _LISTS:
        found |= set(payload.get(word, ()))
    kind, _, number = str(payload.get("holder", "")).partition(":")
    if kind == "member" and number.isdecimal():
        found.add(int(number))
    return {each for each in found if each is not None}


def _people(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    wanted = sorted(ids)
    if not wanted:
        return {}
    return {
        account.pk: {"id": account.pk, "name": account.name, "email": account.email}
        for account in Account.objects.filter(pk__in=wanted)
    }


def _organization(organization_id: int) -> dict[str, Any]:
    name = Organization.objects.filter(pk=organization_id).values_list("name", flat=True).first()
    return {"id": organization_id, "name": name or ""}


def _holder(holder: str, people: dict[int, dict[str, Any]]) -> dict[str, Any]:
    kind, _, number = holder.partition(":")
    if kind == "team" and number.isdecimal():
        return {"team": _team(int(number), {})}
    if kind == "member" and number.isdecimal():
        return {"user": people.get(int(number), {"id": int(number)})}
    if kind == "invitation" and number.isdecimal():
        return {"invitation": _invitation(int(number), {})}
    return {"holder": holder}


def _team(team_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    name = payload.get("name")
    if name is None:
        name = Team.objects.filter(pk=team_id).values_list("name", flat=True).first()
    return {"id": team_id} | ({"name": name} if name else {})


def _product(product_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    product = Product.objects.filter(pk=product_id).select_related("service").first()
    if product is None:
        return {"id": product_id} | ({"name": payload["name"]} if "name" in payload else {})
    return {
        "id": product.pk,
        "name": str(product),
        "fqdn": product.fqdn,
        "service": {"id": product.service_id, "code": product.service.code},
    }


def _invitation(invitation_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is None:
        return {"id": invitation_id} | ({"email": payload["email"]} if "email" in payload else {})
    return {
        "id": invitation.pk,
        "email": invitation.email,
        "name": f"{invitation.first_name} {invitation.last_name}".strip(),
        "role": invitation.role,
        "status": invitation.status,
    }


_FINDERS: dict[str, Callable[[int, dict[str, Any]], dict[str, Any]]] = {
    "team_id": _team,
    "product_id": _product,
    "invitation_id": _invitation,
}
