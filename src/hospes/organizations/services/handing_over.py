"""What somebody leaves behind in an organization: told before they are removed or leave.

Rooms above add what they keep, such as applications and API tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from hospes.organizations.models import Grant, Team, TeamMember

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from hospes.organizations.models import Membership

Handover = Callable[["Membership"], "Iterable[StrOrPromise]"]
_handovers: list[Handover] = []
# More names than this are counted.
MOST_NAMES = 5


def register_member_handover(function: Handover) -> None:
    """Have ``function(membership)`` tell, in the present language, what ends with a membership."""
    if function not in _handovers:
        _handovers.append(function)


def handover(membership: Membership) -> tuple[str, ...]:
    """Return, in the present language, a sentence for each thing that goes or has no owner then."""
    mine = _own(membership)
    return (*mine, *(str(text) for told in _handovers for text in told(membership)))


def named(names: Iterable[str], count: int) -> str:
    """Return up to ``MOST_NAMES`` names as one text, and how many there are besides."""
    shown = list(names)[:MOST_NAMES]
    text = ", ".join(shown)
    more = count - len(shown)
    return f"{text} (+{more})" if more > 0 else text


def _own(membership: Membership) -> list[str]:
    told = []
    led = list(
        Team.objects.filter(leader=membership).order_by("name").values_list("name", flat=True)
    )
    if led:
        told.append(
            ngettext(
                "The work team %(names)s has no leader any more.",
                "These work teams have no leader any more: %(names)s.",
                len(led),
            )
            % {"names": named(led, len(led))}
        )
    places = TeamMember.objects.filter(membership=membership).count()
    if places:
        told.append(
            ngettext(
                "The place in %(count)d work team ends, and the rights that come with it.",
                "The places in %(count)d work teams end, and the rights that come with them.",
                places,
            )
            % {"count": places}
        )
    grants = Grant.objects.filter(membership=membership).count()
    if grants:
        told.append(
            ngettext(
                "%(count)d right of their own on products ends.",
                "%(count)d rights of their own on products end.",
                grants,
            )
            % {"count": grants}
        )
    return told
