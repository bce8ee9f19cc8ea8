"""`/staff/recovery`: people who have no way back in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation.errors import NotFound
from hospes.identity.models import RecoveryCase
from hospes.identity.services.getting_back import cases as service
from hospes.identity.web.guards import recently_confirmed, staff_only
from hospes.kit.faults import Refused
from hospes.overview.forms import CaseDecisionForm
from hospes.overview.queries import cases as case_queries
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest

STATES = {
    "open": pgettext_lazy("case", "Open"),
    "granted": pgettext_lazy("case", "Granted"),
    "refused": pgettext_lazy("case", "Refused"),
    "withdrawn": pgettext_lazy("case", "Withdrawn"),
}
KINDS = {
    "no_access": gettext_lazy("Forgotten password, no way back"),
    "second_step_lost": gettext_lazy("Second step lost"),
    "forgotten_login": gettext_lazy("Forgotten login"),
    "unlock": gettext_lazy("Account locked"),
}
FAULTS = {
    ("note", "missing"): gettext_lazy("Say how you made sure of who asked."),
    ("login", "nobody"): gettext_lazy("No account has this login."),
    ("", "closed"): gettext_lazy("This case was closed meanwhile, so nothing was changed."),
    ("", "own_case"): gettext_lazy("A case about your own account is decided by somebody else."),
}


@staff_only
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases in one state; those that wait longest come first."""
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    query = request.GET.get("q", "").strip()[:254]
    number = request.GET.get("page", "1")
    page = case_queries.page(
        state=state,
        query=query,
        number=max(1, int(number)) if number.isascii() and number.isdigit() else 1,
    )
    counts = case_queries.counted()
    return render(
        request,
        "overview/staff/cases.html",
        {
            "rows": [(case, KINDS.get(case.kind, case.kind)) for case in page.cases],
            "tabs": [
                {"state": name, "label": label, "count": counts[name], "current": name == state}
                for name, label in STATES.items()
            ],
            "state": state,
            "query": query,
            "older_url": f"?{urlencode({'state': state, 'q': query, 'page': page.more})}"
            if page.more
            else "",
        },
    )


@staff_only
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Show one case with the account it is about, and take the decision."""
    found = case_queries.by_public_id(public_id)
    if found is None:
        raise NotFound
    form = CaseDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        granted = form.cleaned_data["decision"] == "grant"
        decision = service.Decision(granted, form.cleaned_data["note"], form.cleaned_data["login"])
        try:
            service.decide(found, decision, acting_account=request.account, origin=request.origin)
        except Refused as refused:
            add_faults(form, refused, FAULTS)
        else:
            done = _("The case is granted, and its opener was told.")
            if not granted:
                done = _("The case is refused, and its opener was told.")
            messages.success(request, done)
            return HttpResponseRedirect(reverse("staff_cases"))
    person = service.account_of(found)
    if person is not None:
        form.fields.pop("login", None)
    context = {
        "case": found,
        "kind": KINDS.get(found.kind, found.kind),
        "state_label": STATES[found.state],
        "is_open": found.state == RecoveryCase.State.OPEN,
        "person": person,
        "others": [
            (other, KINDS.get(other.kind, other.kind), STATES[other.state])
            for other in case_queries.others_of(found)
        ],
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "overview/staff/case.html", context, status=status)
