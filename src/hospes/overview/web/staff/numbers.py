"""`/staff/settings`: every number of the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hospes.foundation import numbers
from hospes.foundation.errors import NotFound
from hospes.foundation.services import numbers as number_services
from hospes.identity.web.guards import recently_confirmed, staff_only
from hospes.kit.faults import Refused
from hospes.overview.services.staff_numbers import ChangeNumbers, change_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from hospes.foundation.numbers import Number
    from hospes.identity.web.guards import SignedInRequest
    from hospes.kit.faults import Fault


@dataclass(frozen=True, slots=True)
class Row:
    """One number on the page: what is typed, what is wrong with it."""

    number: Number
    value: str
    error: str
    changed: bool

    @property
    def html_id(self) -> str:
        """Return an id that is also the address of the number on the page."""
        return self.number.key.replace(".", "-").replace("_", "-")

    @property
    def is_switch(self) -> bool:
        """Return whether the number is 1 for on and 0 for off."""
        return self.number.unit is numbers.Unit.SWITCH


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the page."""

    section: numbers.Section
    rows: tuple[Row, ...]

    @property
    def changed(self) -> int:
        """Return how many numbers of the section differ from their defaults."""
        return sum(row.changed for row in self.rows)


@staff_only
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: SignedInRequest) -> HttpResponse:
    """Show all numbers; a POST changes all that differ, or says everything that is wrong."""
    typed: dict[str, str] = {}
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        typed = {key: request.POST[key] for key in numbers.NUMBERS if key in request.POST}
        try:
            changed = change_numbers(
                ChangeNumbers(typed), acting_account=request.account, origin=request.origin
            )
        except Refused as refused:
            faults = refused.faults
        else:
            _tell(request, len(changed))
            return HttpResponseRedirect(reverse("staff_settings"))
    return render(
        request,
        "overview/staff/settings.html",
        {"parts": _parts(typed, faults), "faults": len(faults), "errors": _errors(faults)},
        status=422 if faults else 200,
    )


def _tell(request: SignedInRequest, changed: int) -> None:
    if changed:
        messages.success(
            request,
            ngettext("%(count)d setting changed.", "%(count)d settings changed.", changed)
            % {"count": changed},
        )
    else:
        messages.info(request, _("Nothing was different, so nothing was changed."))


def _words(fault: Fault) -> str:
    if fault.code == "not_a_number":
        text = _("Enter a whole number from %(minimum)d to %(maximum)d.")
    else:
        text = _("This must be from %(minimum)d to %(maximum)d.")
    return text % fault.params


def _errors(faults: tuple[Fault, ...]) -> list[Row]:
    return [
        Row(number, "", _words(fault), changed=False)
        for fault in faults
        if (number := numbers.find(fault.field)) is not None
    ]


def _parts(typed: Mapping[str, str], faults: tuple[Fault, ...]) -> list[Part]:
    errors = {fault.field: _words(fault) for fault in faults}
    parts = []
    for section in numbers.SECTIONS:
        rows = []
        for number in numbers.in_section(section):
            value = numbers.get(number.key)
            rows.append(
                Row(
                    number,
                    typed.get(number.key, str(value)),
                    errors.get(number.key, ""),
                    changed=value != number.default,
                )
            )
        if rows:
            parts.append(Part(section, tuple(rows)))
    return parts


@staff_only
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: SignedInRequest, key: str) -> HttpResponse:
    """Ask, then put one number back to its default."""
    number = numbers.find(key)
    if number is None:
        raise NotFound
    if request.method == "POST":
        number_services.reset(
            number.key, acting_account_id=request.account.pk, origin=request.origin
        )
        messages.success(
            request, _("“%(setting)s” is back at its default.") % {"setting": number.label}
        )
        row = Row(number, "", "", changed=False)
        return HttpResponseRedirect(f"{reverse('staff_settings')}#{row.html_id}")
    return render(
        request,
        "overview/staff/reset_number.html",
        {"number": number, "value": numbers.get(number.key)},
    )
