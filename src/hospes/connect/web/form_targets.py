"""Which further sites a form may lead to: the application that waits for its answer."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import reverse

from hospes.connect.domain.links import source_of
from hospes.connect.web.arriving import redirect_address
from hospes.connect.web.end_session import logout_address


def form_targets(address: str) -> tuple[str, ...]:
    """Return the waiting application's origin for addresses of a sign-in or a sign-out.

    Browsers hold redirects after a form to the same policy as the form itself, also on the
    sign-in page that stands before the request.
    """
    if not address.startswith("/"):
        return ()
    parts = urlsplit(address)
    if parts.path in {reverse("authorize"), reverse("authorize_consent")}:
        found = redirect_address(parts.query)
    elif parts.path in {reverse("end_session"), reverse("end_session_confirm")}:
        found = logout_address(parts.query)
    else:
        found = ""
    return (source_of(found),) if found else ()
