"""What rights on products are called, and what each opens, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from hospes.organizations.models.teams import Grant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

NAMES: Final[Mapping[str, StrOrPromise]] = {
    Grant.Right.TECHNICAL.value: _("Technical"),
    Grant.Right.STATISTIC.value: _("Statistics"),
    Grant.Right.CHECK.value: _("Ticket control"),
    Grant.Right.SALE.value: _("Sales"),
}
MEANINGS: Final[Mapping[str, StrOrPromise]] = {
    Grant.Right.TECHNICAL.value: _("Manage and change the product itself"),
    Grant.Right.STATISTIC.value: _("See figures and reports"),
    Grant.Right.CHECK.value: _("Check tickets at the entrance"),
    Grant.Right.SALE.value: _("Sell, and see what was sold"),
}
