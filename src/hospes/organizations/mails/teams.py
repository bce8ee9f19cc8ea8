"""Mails about work teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospes.foundation.services.messages import Mail

if TYPE_CHECKING:
    from collections.abc import Sequence

# Beyond that the mail says how many more.
_MOST_NAMED = 20


def leader_went(
    *, first_name: str, leader: str, organization: str, teams: Sequence[str], url: str
) -> Mail:
    """Return the mail to those who lead: teams have lost their leader and may be given another."""
    named = list(teams[:_MOST_NAMED])
    more = len(teams) - len(named)
    if more:
        named.append(ngettext("%(count)d more", "%(count)d more", more) % {"count": more})
    return Mail(
        subject=ngettext(
            "A work team of %(organization)s has no leader any more",
            "%(count)d work teams of %(organization)s have no leader any more",
            len(teams),
        )
        % {"organization": organization, "count": len(teams)},
        heading=_("Name a new team leader"),
        paragraphs=(
            _(
                "Hello %(name)s, %(leader)s no longer belongs to %(organization)s and was the "
                "leader of these work teams. Their members and rights stay as they are."
            )
            % {"name": first_name, "leader": leader, "organization": organization},
        ),
        facts=((_("Work teams"), ", ".join(named)),),
        action=(_("See the work teams"), url),
    )
