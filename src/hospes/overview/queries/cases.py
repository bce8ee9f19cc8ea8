"""Reads of the cases of people who have no way back in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from hospes.identity.models import RecoveryCase

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Open cases come oldest first, others newest first. ``more``: the page number that follows."""

    cases: tuple[RecoveryCase, ...]
    more: int | None


def page(*, state: str, query: str, number: int = 1) -> Page:
    """Return the cases in ``state`` whose reference, login or contact holds ``query``."""
    order = "created_at" if state == RecoveryCase.State.OPEN else "-created_at"
    rows = RecoveryCase.objects.filter(state=state).select_related("account", "decided_by")
    if query:
        rows = rows.filter(
            Q(reference__iexact=query)
            | Q(login__icontains=query)
            | Q(contact_email__icontains=query)
        )
    start = (number - 1) * PAGE_SIZE
    found = tuple(rows.order_by(order, "pk")[start : start + PAGE_SIZE + 1])
    return Page(found[:PAGE_SIZE], number + 1 if len(found) > PAGE_SIZE else None)


def counted() -> dict[str, int]:
    """Return how many cases are in each state."""
    rows = RecoveryCase.objects.values("state").annotate(count=Count("pk"))
    found = {row["state"]: row["count"] for row in rows}
    return {state: found.get(state, 0) for state in RecoveryCase.State.values}


def by_public_id(public_id: str) -> RecoveryCase | None:
    """Return one case; None where there is none."""
    return (
        RecoveryCase.objects.filter(public_id=public_id)
        .select_related("account", "decided_by")
        .first()
    )


def others_of(case: RecoveryCase) -> tuple[RecoveryCase, ...]:
    """Return other cases with the same login or contact address, newest first."""
    same = Q(contact_email=case.contact_email)
    if case.login:
        same |= Q(login=case.login)
    return tuple(RecoveryCase.objects.filter(same).exclude(pk=case.pk).order_by("-created_at")[:10])
