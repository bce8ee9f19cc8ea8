"""An authorization request, checked against its application and the person before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.urls import reverse

from hospes.connect import queries
from hospes.connect.domain.scopes import GROUPS, split
from hospes.connect.services.authorization import proved
from hospes.connect.services.signing_keys import key_source
from hospes.connect.web import progress
from hospes.connect.web.addresses import issuer
from hospes.connect.web.answers import fault_page, send
from hospes.connect.web.arriving import arrive
from hospes.connect.web.members import lacks_two_step
from hospes.foundation import clock
from hospes.organizations.queries import current
from hospes.protocols.oauth import authorize as protocol
from hospes.protocols.oauth import id_token, options, parameters, profiles, step_up
from hospes.protocols.oauth.interaction import Progress, SignedIn, Step, decide

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from hospes.connect.models import Application
    from hospes.connect.web.progress import Mark
    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.models import Account, Session
    from hospes.organizations.models import Organization


# What a person may decline to prove, and what the application is told then.
GIVEN_UP: Final = {
    Step.CONFIRM_IDENTITY: "The person did not give the password again.",
    Step.SECOND_FACTOR: "The second factor was not given.",
}


@dataclass(frozen=True, slots=True)
class Ready:
    """A valid request. ``has_accounts``: somebody is signed in on this browser.

    ``organization`` is whose team names it asks for: the one this browser looks at. ``pushed_id``
    is the key of the pushed request that it was, None for every other. ``bound_to`` is the key that
    the code will be good with, as on the code. ``once`` names what is good for one code alone, and
    the seconds for which that has to be remembered.
    """

    validated: protocol.Validated
    application: Application
    mark: Mark
    account: Account | None
    sign_in: Session | None
    has_accounts: bool
    hinted_subject: str = ""
    organization: Organization | None = None
    pushed_id: int | None = None
    bound_to: str = ""
    once: tuple[str, int] | None = None

    @property
    def longest_code(self) -> int | None:
        """Return how many seconds the application's profile lets a code live, None for any."""
        return profiles.of(options.read(self.application.options)).longest_code

    def decide(self, *, consent_given: bool) -> Step | protocol.RedirectError:
        """Return what comes next, or why prompt=none cannot be answered."""
        if self._wrong_person_was_chosen():
            return self.validated.refuse("login_required", "another account was chosen.")
        step = decide(
            self.validated,
            Progress(
                asked_at=self._asked_at(),
                account_chosen=self.mark.account_chosen,
                consent_given=consent_given,
            ),
            person=self._person(),
            consented=self._consented(),
            hinted_subject=self.hinted_subject,
            now=clock.timestamp(),
        )
        if self.mark.gave_up and step in GIVEN_UP:
            return self.validated.refuse("access_denied", GIVEN_UP[step])
        return step

    def _person(self) -> SignedIn | None:
        if self.account is None or self.sign_in is None:
            return None
        proof = id_token.Authentication(
            self.account.public_id,
            int(self.sign_in.authenticated_at.timestamp()),
            proved(self.sign_in, second_factor_at=self.second_factor_at),
        )
        return SignedIn(
            self.account.public_id,
            proof.auth_time or 0,
            proof.acr,
            self._second(),
            lacks_two_step=lacks_two_step(self.account, self.application),
        )

    def _second(self) -> step_up.SecondFactor:
        possible = self.account is not None and self.account.two_step_since is not None
        at = self.sign_in.second_factor_at if self.sign_in else None
        if at is None:
            return step_up.SecondFactor(possible=possible)
        return step_up.SecondFactor(int(at.timestamp()), at >= self.mark.asked_at, possible)

    @property
    def second_factor_at(self) -> datetime | None:
        """Return when the second factor was proved that counts for this request, if one does."""
        fresh = step_up.is_fresh(
            self._second(),
            prompt=self.validated.prompt,
            max_age=self.validated.max_age,
            now=clock.timestamp(),
        )
        return self.sign_in.second_factor_at if self.sign_in and fresh else None

    def _asked_at(self) -> int:
        # Whole seconds cannot tell a proof just before the request from one just after it; the
        # mark can, so it decides, and the instant handed on lies safely on its side.
        if self.sign_in is None:
            return int(self.mark.asked_at.timestamp())
        proved = int(self.sign_in.authenticated_at.timestamp())
        return proved if self.mark.is_answered_by(self.sign_in) else proved + 1

    def _consented(self) -> frozenset[str]:
        if self.account is None:
            return frozenset()
        consent = queries.consent_of(self.account, self.application.client_id)
        if consent is None:
            return frozenset()
        here = self.organization.pk if self.organization else None
        # Another organization's team names are for the person to allow anew.
        elsewhere = {GROUPS} if consent.organization_id != here else set()
        return split(consent.scope) - elsewhere

    def _wrong_person_was_chosen(self) -> bool:
        return (
            self.mark.account_chosen
            and self.account is not None
            and not self.validated.means(self.account.public_id, hinted_subject=self.hinted_subject)
        )


def load(request: IdentityRequest, mark: Mark) -> Ready | HttpResponse:
    """Check the request in ``mark.query``; return it, or the answer that says what is wrong."""
    try:
        arrived = arrive(mark)
    except parameters.UnreadableError:
        return fault_page(request, "unreadable")
    if isinstance(arrived, protocol.PageError):
        return fault_page(request, arrived.code, arrived)
    application, result = arrived.application, arrived.judged()
    if isinstance(result, protocol.RedirectError):
        return send(request, protocol.failure(result, issuer=issuer()))
    if isinstance(result, protocol.PageError) or application is None:
        fault = result if isinstance(result, protocol.PageError) else None
        return fault_page(request, fault.code if fault else "client_unknown", fault)
    hinted = _hinted_subject(result)
    refusal = _refusal(result, application, hinted)
    if refusal is not None:
        return send(request, protocol.failure(refusal, issuer=issuer()))
    return Ready(
        hinted_subject=hinted or "",
        validated=result,
        application=application,
        mark=mark,
        account=request.account,
        sign_in=request.sign_in,
        has_accounts=bool(request.sign_ins),
        organization=current(request) if GROUPS in result.disclosed else None,
        pushed_id=arrived.pushed.pk if arrived.pushed else None,
        bound_to=arrived.bound_to(result),
        once=arrived.once,
    )


def _refusal(
    result: protocol.Validated, application: Application, hinted: str | None
) -> protocol.RedirectError | None:
    if hinted is None:
        return result.refuse(
            "invalid_request", "id_token_hint is no ID token of this issuer for this application."
        )
    if result.resources and queries.unknown_resources(application, result.resources, issuer()):
        return result.refuse("invalid_target", "There is no such resource for this application.")
    return None


def _hinted_subject(validated: protocol.Validated) -> str | None:
    """Return whom ``id_token_hint`` names, "" where none was sent, None where it proves nothing.

    An expired one still says who.
    """
    if not validated.id_token_hint:
        return ""
    read = id_token.read_hint(validated.id_token_hint, jwks=key_source.jwks(), issuer=issuer())
    return read.subject if read and read.client_id == validated.client_id else None


def application_name(address: str) -> str:
    """Return the name of the application whose request stands at a local address, else ""."""
    parts = urlsplit(address)
    if parts.path != reverse("authorize"):
        return ""
    try:
        sent = protocol.parse(parameters.from_urlencoded(parts.query))
    except parameters.UnreadableError:
        return ""
    if isinstance(sent, protocol.PageError):
        return ""
    application = queries.by_client_id(sent.client_id)
    return application.name if application else ""


def way_out(address: str) -> str:
    """Return where somebody goes on who gives up a proof that was asked for at this address."""
    parts = urlsplit(address)
    if parts.path != reverse("authorize"):
        return ""
    return progress.read(parts.query).with_giving_up().address
