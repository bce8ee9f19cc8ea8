"""What roles are called, and what each may do, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from hospes.organizations.models.members import Membership

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

NAMES: Final[Mapping[str, StrOrPromise]] = {
    Membership.Role.OWNER.value: _("Legal representative"),
    Membership.Role.ADMIN.value: _("Administrator"),
    Membership.Role.NORMAL.value: _("Collaborator"),
    Membership.Role.CLIENT.value: _("External user"),
}
MEANINGS: Final[Mapping[str, StrOrPromise]] = {
    Membership.Role.OWNER.value: _(
        "Has every right, answers legally for the organization, and alone appoints other legal "
        "representatives."
    ),
    Membership.Role.ADMIN.value: _(
        "Has every right on products, members, work teams and invoices."
    ),
    Membership.Role.NORMAL.value: _(
        "Works with the products they were given rights on, and sees who else belongs here."
    ),
    Membership.Role.CLIENT.value: _(
        "Somebody from outside: works with the products they were given rights on, and does not "
        "see who else belongs here."
    ),
}
