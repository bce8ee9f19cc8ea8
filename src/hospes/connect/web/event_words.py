"""An application's log in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hospes.connect.domain import differences, events
from hospes.connect.models import Application
from hospes.connect.web.access import instant

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from hospes.connect.domain.sharing import Shared
    from hospes.connect.models import ApplicationEvent

LABELS: Final[dict[str, _StrOrPromise]] = {
    events.SIGNED_IN: gettext_lazy("Signed in"),
    events.CONSENT_REFUSED: gettext_lazy("Consent refused"),
    events.PHONE_APPROVED: gettext_lazy("Approved on the phone"),
    events.PHONE_REFUSED: gettext_lazy("Refused on the phone"),
    events.DEVICE_APPROVED: gettext_lazy("Device signed in"),
    events.DEVICE_REFUSED: gettext_lazy("Device turned away"),
    events.SIGN_OUT_TOLD: gettext_lazy("Told of a sign-out"),
    events.SIGN_OUT_NOT_TOLD: gettext_lazy("Not told of a sign-out"),
    events.REDIRECT_MISMATCH: gettext_lazy("Redirect URL not registered"),
    events.LOGOUT_MISMATCH: gettext_lazy("Address after signing out not registered"),
    events.REQUEST_REFUSED: gettext_lazy("Request refused"),
    events.CLIENT_REFUSED: gettext_lazy("Credentials refused"),
    events.TOKEN_REFUSED: gettext_lazy("Token refused"),
    events.TOKENS_REVOKED: gettext_lazy("Access ended"),
    events.REUSE_DETECTED: gettext_lazy("Used a second time"),
    events.NOT_KEPT: gettext_lazy("More than the log keeps"),
}
SENTENCES: Final[dict[str, _StrOrPromise]] = {
    events.SIGNED_IN: gettext_lazy("A person signed in and the application got a code."),
    events.CONSENT_REFUSED: gettext_lazy("A person was asked for consent and said no."),
    events.PHONE_APPROVED: gettext_lazy(
        "The application had a person asked on the phone, and the person said yes."
    ),
    events.PHONE_REFUSED: gettext_lazy(
        "The application had a person asked on the phone, and the person said no."
    ),
    events.DEVICE_APPROVED: gettext_lazy(
        "A person typed the code that a device showed, and signed the device in."
    ),
    events.DEVICE_REFUSED: gettext_lazy(
        "A person typed the code that a device showed, and turned the device away."
    ),
    events.SIGN_OUT_TOLD: gettext_lazy(
        "A person's session ended, and your server took the message."
    ),
    events.SIGN_OUT_NOT_TOLD: gettext_lazy(
        "A person's session ended, and your server did not take the message: it may keep the "
        "person signed in."
    ),
    events.REDIRECT_MISMATCH: gettext_lazy(
        "The request named an address that is not among the redirect URLs."
    ),
    events.LOGOUT_MISMATCH: gettext_lazy(
        "A sign-out named an address to return to that is not among the addresses after signing "
        "out. Nobody was signed out."
    ),
    events.REQUEST_REFUSED: gettext_lazy("The sign-in could not begin: the request has a fault."),
    events.CLIENT_REFUSED: gettext_lazy(
        "A request named this application and did not prove to come from it. If it was your "
        "software, look at the secret it has; otherwise somebody tried to pass for it."
    ),
    events.TOKEN_REFUSED: gettext_lazy("The token endpoint refused a request."),
    events.TOKENS_REVOKED: gettext_lazy("The tokens of this sign-in work no longer."),
    events.REUSE_DETECTED: gettext_lazy(
        "A code or a refresh token came a second time. Somebody may have copied it, so everything "
        "that came of this sign-in has ended."
    ),
}
BADGES: Final = {
    events.SIGNED_IN: "success",
    events.PHONE_APPROVED: "success",
    events.DEVICE_APPROVED: "success",
    events.REUSE_DETECTED: "danger",
    events.SIGN_OUT_NOT_TOLD: "warning",
    events.REDIRECT_MISMATCH: "warning",
    events.LOGOUT_MISMATCH: "warning",
    events.REQUEST_REFUSED: "warning",
    events.CLIENT_REFUSED: "warning",
    events.TOKEN_REFUSED: "warning",
}
# To which list of the form an address that was received may be added.
ADDED_TO: Final = {
    events.REDIRECT_MISMATCH: "redirect_uris",
    events.LOGOUT_MISMATCH: "logout_uris",
}
DIFFERENCES: Final[dict[str, _StrOrPromise]] = {
    differences.SLASH_ADDED: gettext_lazy("A slash at the end is too much."),
    differences.SLASH_MISSING: gettext_lazy("The slash at the end is missing."),
    differences.HTTP_RECEIVED: gettext_lazy("It begins with http instead of https."),
    differences.HTTPS_RECEIVED: gettext_lazy("It begins with https instead of http."),
    differences.OTHER_PLACE: gettext_lazy("It names another scheme and host."),
    differences.OTHER_HOST: gettext_lazy("It names another host."),
    differences.OTHER_PORT: gettext_lazy("It names another port."),
    differences.LETTER_CASE: gettext_lazy("It differs in capital and small letters."),
    differences.QUERY_ADDED: gettext_lazy("A query was added."),
    differences.QUERY_MISSING: gettext_lazy("The query is missing."),
    differences.FRAGMENT_ADDED: gettext_lazy("A part from # on was added."),
    differences.POSITION: gettext_lazy("It differs from character %(at)d on."),
}
ENDED_BY: Final[dict[str, _StrOrPromise]] = {
    "person": gettext_lazy("The person took the consent back."),
    "application": gettext_lazy("The application asked for it."),
    "sign_out": gettext_lazy(
        "The person signed out, at an application's request, in the browser where it began."
    ),
    "safety": gettext_lazy("The person's sign-ins were ended, after a new password for example."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the owner reads it. ``subject`` is "" where nobody is known.

    ``added_to`` names the list that the address received may be added to, "" for none.
    """

    event: ApplicationEvent
    at: datetime | None
    label: _StrOrPromise
    badge: str
    text: str
    reason: str
    subject: str
    name: str
    email: str
    received: str
    added_to: str
    difference: differences.Difference | None
    difference_text: str


def line(
    event: ApplicationEvent, sharing: Mapping[int, Shared], *, application: Application
) -> Line:
    """Return ``event`` in words; ``sharing`` says by account what may be shown of whom."""
    account = event.account
    shows = sharing.get(account.pk) if account else None
    received = str(event.detail.get("received", ""))
    registered = str(event.detail.get("registered", ""))
    found = differences.between(received, registered) if received and registered else None
    return Line(
        event=event,
        at=instant(event.at),
        label=LABELS.get(event.kind, event.kind),
        badge=BADGES.get(event.kind, "neutral"),
        text=_text(event, application),
        reason=_reason(event),
        subject=account.public_id if account else "",
        name=account.name if account and shows and shows.name else "",
        email=account.email if account and shows and shows.email else "",
        received=received,
        added_to=added_to(event, application) if received else "",
        difference=found,
        difference_text=str(DIFFERENCES[found.code]) % {"at": found.at} if found else "",
    )


def added_to(event: ApplicationEvent, application: Application) -> str:
    """Return the list that an event's address may be added to, "" where the type has none."""
    machine = application.type == Application.Type.OTHER
    return "" if machine else ADDED_TO.get(event.kind, "")


def _text(event: ApplicationEvent, application: Application) -> str:
    if event.kind == events.NOT_KEPT:
        count = event.detail.get("count")
        count = count if isinstance(count, int) else 1
        return ngettext(
            "At least %(count)d further refusal of this minute is not listed.",
            "At least %(count)d further refusals of this minute are not listed.",
            count,
        ) % {"count": count}
    if event.kind == events.TOKENS_REVOKED and application.type == Application.Type.OTHER:
        return _("A token of this application works no longer.")
    if event.kind == events.TOKENS_REVOKED and event.detail.get("what") == "token":
        return _("One token of this sign-in works no longer.")
    return str(SENTENCES.get(event.kind, ""))


def _reason(event: ApplicationEvent) -> str:
    """Return what was said to the application, and for whom access ended."""
    detail = event.detail
    if event.kind == events.TOKENS_REVOKED:
        # The revocation endpoint names what was ended; only applications reach it.
        by = "application" if "what" in detail else str(detail.get("by", ""))
        return str(ENDED_BY.get(by, ""))
    if event.kind in {events.SIGNED_IN, events.PHONE_APPROVED, events.DEVICE_APPROVED}:
        if detail.get("claims"):
            told = {"scope": detail.get("scope", ""), "claims": detail["claims"]}
            return _("Scopes: %(scope)s. Single claims: %(claims)s") % told
        return _("Scopes: %(scope)s") % {"scope": detail["scope"]} if detail.get("scope") else ""
    parts = (str(detail.get(name, "")) for name in ("endpoint", "error", "reason"))
    return ": ".join(part for part in parts if part)
