"""What the foundation does for itself on a schedule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from hospes.foundation.registry import schedule, task
from hospes.foundation.services import audit, jobs, messages

PURGE = "foundation.purge"


@task(PURGE)
def purge(_payload: dict[str, Any]) -> None:
    """Delete finished jobs, dispatched events and messages past their days."""
    jobs.purge()
    messages.purge()


schedule(PURGE, timedelta(hours=6))

audit.register_action("foundation.number_changed", _("A number was changed"))
audit.register_action("foundation.number_reset", _("A number was set back to its default"))
audit.register_action("foundation.job_retried", _("A failed job was tried again"))
audit.register_action("foundation.job_discarded", _("A failed job was discarded"))
audit.register_action("foundation.rewrap_requested", _("Re-sealing with a new key asked for"))
