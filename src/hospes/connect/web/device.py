"""``/device``: a person types the code that a device shows, and lets it in or not (RFC 8628)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from django import forms
from django.core import signing
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hospes.connect import queries
from hospes.connect.domain.scopes import GROUPS, split
from hospes.connect.forms import DomainCharField
from hospes.connect.services import devices
from hospes.connect.services.devices import AnswerDevice
from hospes.connect.web.access import instant
from hospes.connect.web.members import lacks_two_step, to_setting_up
from hospes.connect.web.words import described, host_of
from hospes.edge.addresses import network
from hospes.foundation import clock
from hospes.foundation.errors import NotFound
from hospes.foundation.gateways import geoip
from hospes.identity.web.guards import signed_in, to_sign_in
from hospes.kit.faults import Fault, Refused
from hospes.organizations.queries import current
from hospes.protocols.oauth import device as protocol
from hospes.protocols.oauth import options
from hospes.site.forms import Form, add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.connect.models import DeviceRequest
    from hospes.identity.middleware import IdentityRequest
    from hospes.identity.web.guards import SignedInRequest

_SALT: Final = "hospes.connect.device"
# A request lives shorter than that.
_LONGEST: Final = timedelta(hours=1)
TOO_MANY: Final = 429
MESSAGES: Final = {
    ("user_code", "required"): _("Enter the code that your device shows."),
    ("user_code", "malformed"): _("A code has eight letters, such as BCDF-GHJK."),
    ("user_code", "unknown"): _(
        "No device waits with this code. It may have expired or been answered: have the device "
        "show a new one."
    ),
    ("", "throttled"): _("Too many codes were tried. Try again in %(minutes)s minutes."),
}


class CodeForm(Form):
    """The code as it is typed."""

    user_code = DomainCharField(
        label=_("Code"),
        help_text=_("Eight letters. Capitals, spaces and the hyphen do not matter."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "autofocus": True,
                "spellcheck": "false",
                "placeholder": "BCDF-GHJK",
                "maxlength": protocol.LONGEST_TYPED,
                "class": "device-code__input",
            }
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def device(request: HttpRequest) -> HttpResponse:
    """Ask for the code, then whether the device behind it may come in."""
    if request.method == "POST":
        return _take_code(request)
    if "user_code" not in request.GET:
        return _code_page(request, CodeForm())
    person = cast("IdentityRequest", request)
    text = request.GET["user_code"]
    code = protocol.typed(text)
    if not code:
        return _faulty(request, text, Refused(Fault("user_code", "malformed")))
    if person.account is None:
        # Nothing is looked up for visitors.
        return to_sign_in(request)
    return _question(cast("SignedInRequest", request), code)


def _take_code(request: HttpRequest) -> HttpResponse:
    """Turn what was typed into the address that a scanned code leads to as well."""
    text = request.POST.get("user_code", "")
    code = protocol.typed(text)
    if not code:
        fault = "malformed" if text.strip() else "required"
        return _faulty(request, text, Refused(Fault("user_code", fault)))
    return HttpResponseRedirect(_address(code))


def _address(code: str) -> str:
    return f"{reverse('device')}?{urlencode({'user_code': protocol.shown(code)})}"


def _question(request: SignedInRequest, code: str) -> HttpResponse:
    try:
        found = devices.find(code, acting_account=request.account, origin=request.origin)
    except Refused as refused:
        return _faulty(request, protocol.shown(code), refused)
    application = found.application
    if lacks_two_step(request.account, application):
        return to_setting_up(application, _address(code))
    longest = options.read(application.options).default_max_age
    if longest is not None and clock.now() - request.sign_in.authenticated_at > timedelta(
        seconds=longest
    ):
        query = urlencode({"next": _address(code)})
        return HttpResponseRedirect(f"{reverse('confirm_password')}?{query}")
    return _question_page(request, found, code)


def _question_page(request: SignedInRequest, found: DeviceRequest, code: str) -> HttpResponse:
    """Show who asks, for what, from where, and which code the device has to show."""
    application, scopes = found.application, split(found.scope)
    teams_of = current(request) if GROUPS in scopes else None
    another = urlencode({"next": _address(code)})
    asked = _Asked(
        found.pk, request.account.public_id, teams_of.public_id if teams_of else "", code
    )
    context = {
        "application": application,
        "organization": application.organization,
        "website_host": host_of(application.website),
        "account": request.account,
        "another_account": f"{reverse('choose_account')}?{another}",
        "code": protocol.shown(code),
        "scopes": described(scopes, teams_of.name if teams_of else ""),
        "address": found.address,
        "place": geoip.place(found.address, request.account.locale),
        "elsewhere": network(found.address) != network(request.origin.ip),
        "asked_at": instant(found.created_at),
        "asked": asked.signed(),
    }
    response = render(request, "connect/device_question.html", context)
    add_never_cache_headers(response)
    return response


@dataclass(frozen=True, slots=True)
class _Asked:
    """What stood on the page that is answered: an answer counts for that and nothing else."""

    request_id: int
    account: str
    organization: str
    code: str

    def signed(self) -> str:
        return signing.dumps(
            [self.request_id, self.account, self.organization, self.code], salt=_SALT
        )


def _read(value: str) -> _Asked | None:
    try:
        told: Any = signing.loads(value, salt=_SALT, max_age=_LONGEST)
    except signing.BadSignature:
        return None
    return _Asked(*told)


@require_POST
@signed_in
def answer(request: SignedInRequest) -> HttpResponse:
    """Take the person's answer. Everything is checked again: time may have passed."""
    asked = _read(request.POST.get("asked", ""))
    if asked is None:
        return HttpResponseRedirect(reverse("device"))
    found = queries.open_device_request(asked.request_id)
    unknown = Refused(Fault("user_code", "unknown"))
    if found is None:
        return _faulty(request, "", unknown)
    teams_of = current(request) if GROUPS in split(found.scope) else None
    same = request.account.public_id == asked.account
    if teams_of is not None:
        same = same and teams_of.public_id == asked.organization
    if not same or lacks_two_step(request.account, found.application):
        # Another account or organization: they are shown what they answer, and as whom.
        return HttpResponseRedirect(_address(asked.code))
    command = AnswerDevice(found, teams_of.pk if teams_of else None)
    decision = request.POST.get("decision")
    try:
        if decision == "allow":
            devices.allow(command, session=request.sign_in, origin=request.origin)
        elif decision == "refuse":
            devices.refuse(command, acting_account=request.account, origin=request.origin)
        else:
            return HttpResponseRedirect(_address(asked.code))
    except (Refused, NotFound):
        return _faulty(request, "", unknown)
    query = urlencode({"answer": "yes" if decision == "allow" else "no"})
    return HttpResponseRedirect(f"{reverse('device_done')}?{query}")


@require_GET
def done(request: HttpRequest) -> HttpResponse:
    """Say what happens on the device now."""
    return render(
        request, "connect/device_done.html", {"allowed": request.GET.get("answer") == "yes"}
    )


def _faulty(request: HttpRequest, text: str, refused: Refused) -> HttpResponse:
    form = CodeForm({"user_code": text[: protocol.LONGEST_TYPED]})
    form.is_valid()
    add_faults(form, refused, MESSAGES)
    return _code_page(request, form, status=TOO_MANY if refused.has("", "throttled") else 422)


def _code_page(request: HttpRequest, form: CodeForm, *, status: int = 200) -> HttpResponse:
    response = render(request, "connect/device.html", {"form": form}, status=status)
    add_never_cache_headers(response)
    return response
