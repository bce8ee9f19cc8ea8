"""The sign-in page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hospes.foundation import metrics
from hospes.identity.domain import addresses
from hospes.identity.domain.remembered import Remembered
from hospes.identity.forms.sign_in import MESSAGES, SignInForm
from hospes.identity.services import sign_in as service
from hospes.identity.services.two_step import applications, passkeys
from hospes.identity.web import presence
from hospes.kit.faults import Refused
from hospes.site import browser_check
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.identity.middleware import IdentityRequest

# Where a request carries what its password has led to already (see ``quick_sign_in``).
TRIED = "hospes.sign_in_tried"


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: IdentityRequest) -> HttpResponse:
    """Ask for address and password and go on to ``next``.

    ``login_hint`` fills in the address, ``account`` names a remembered account, ``add`` signs in
    beside who is signed in, ``reauth`` asks again even the person who is.
    """
    hinted = addresses.normalise(request.GET.get("login_hint", ""))[: addresses.LONGEST]
    expected = _expected(request, hinted)
    if request.method == "POST":
        return _try(request, expected)
    if request.account and not _asks_again(request, hinted):
        return HttpResponseRedirect(presence.next_of(request))
    email = expected.email if expected else hinted
    return _page(request, SignInForm(initial={"email": email}), expected)


def _asks_again(request: IdentityRequest, hinted: str) -> bool:
    if request.GET.get("reauth") == "1" or request.GET.get("add") == "1":
        return True
    if request.account is None:
        return True
    named = request.GET.get("account", "")
    return bool(
        (hinted and hinted != request.account.email)
        or (named and named != request.account.public_id)
    )


def _expected(request: IdentityRequest, hinted: str) -> Remembered | None:
    """Return the account this device knows and that most likely signs in."""
    device = presence.device_of(request)
    named = request.GET.get("account", "")
    if named:
        return device.find(named)
    if hinted:
        return device.find_email(hinted)
    if request.GET.get("add") == "1":
        return None
    if request.GET.get("reauth") == "1" and request.account:
        account = request.account
        return Remembered(account.public_id, account.email, account.name)
    return device.accounts[0] if device.accounts else None


def _try(request: IdentityRequest, expected: Remembered | None) -> HttpResponse:
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, expected, status=422)
    try:
        if TRIED in request.META:
            raise request.META[TRIED]
        done = service.sign_in(
            service.SignIn(
                email=form.cleaned_data["email"],
                password=form.cleaned_data["password"],
                browser_token=request.browser_token,
                device=presence.device_of(request),
                browser=request.browser,
                continue_to=presence.next_of(request),
            ),
            origin=request.origin,
        )
    except Refused as refused:
        fault = refused.faults[0]
        metrics.sign_in(fault.code)
        add_faults(form, refused, MESSAGES)
        if fault.code != "throttled":
            return _page(request, form, expected, status=422)
        response = _page(request, form, expected, status=429)
        response["Retry-After"] = str(int(fault.params["minutes"]) * 60)
        return response
    if isinstance(done, service.StepNeeded):
        metrics.sign_in("step")
        return presence.to_step(done.token)
    metrics.sign_in("ok")
    return presence.welcome(request, done, presence.next_of(request))


def _page(
    request: IdentityRequest,
    form: SignInForm,
    expected: Remembered | None,
    *,
    status: int = 200,
) -> HttpResponse:
    following = presence.next_of(request)
    onward = urlencode({"next": following}) if following != "/" else ""
    typed = form["email"].value() or ""
    if expected and typed != expected.email:
        expected = None
    form.fields["password" if typed else "email"].widget.attrs["autofocus"] = True
    if expected:
        form.fields["email"].widget.attrs["readonly"] = True
    remembered = presence.device_of(request).accounts
    response = render(
        request,
        "identity/sign_in.html",
        {
            "form": form,
            "expected": expected,
            "again": request.GET.get("reauth") == "1" and request.account is not None,
            "others": bool(remembered) or bool(request.sign_ins),
            "choose_url": f"{reverse('choose_account')}?{onward}",
            "other_url": f"{reverse('sign_in')}?{urlencode({'add': '1', 'next': following})}",
            "sign_up_url": f"{reverse('sign_up')}?{onward}",
            "recover_url": reverse("recover"),
            "passkeys": passkeys.available(),
            "next": following,
            "application": applications.name_of(following),
            "cookies_off": browser_check.cookies_work(request) is False,
        },
        status=status,
    )
    browser_check.arm(response)
    return response
