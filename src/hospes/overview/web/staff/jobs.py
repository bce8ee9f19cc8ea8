"""`/staff/jobs`: work that waits, runs, or failed for good."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation.models import Job
from hospes.identity.web.guards import recently_confirmed, staff_only
from hospes.overview.forms import JobFilterForm
from hospes.overview.queries import jobs as job_queries
from hospes.overview.services import staff_jobs
from hospes.overview.web.presenting import first_query, older_url, row_id

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest

STATES = (Job.State.WAITING, Job.State.RUNNING, Job.State.DEAD, Job.State.DONE)


@dataclass(frozen=True, slots=True)
class Tab:
    """One state with how many jobs are in it."""

    state: str
    label: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One job with its payload as text."""

    job: Job
    payload: str


def _state_label(state: str) -> str:
    labels = {
        Job.State.WAITING: pgettext("jobs", "Waiting"),
        Job.State.RUNNING: pgettext("jobs", "Running"),
        Job.State.DEAD: pgettext("jobs", "Failed"),
        Job.State.DONE: pgettext("jobs", "Done"),
    }
    return labels[Job.State(state)]


@staff_only
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """List the jobs of one state; the failed ones can be selected."""
    counts = job_queries.counts()
    state = request.GET.get("state", "")
    if state not in Job.State.values:
        state = Job.State.DEAD if counts[Job.State.DEAD] else Job.State.WAITING
    form = JobFilterForm(request.GET, tasks=job_queries.tasks())
    task = form.cleaned_data["task"] if form.is_valid() else ""
    page = job_queries.page(state=state, task=task, before=row_id(request.GET.get("before")))
    return render(
        request,
        "overview/staff/jobs.html",
        {
            "tabs": [Tab(each, _state_label(each), counts[each], each == state) for each in STATES],
            "form": form,
            "state": state,
            "task": task,
            "selectable": state == Job.State.DEAD,
            "lines": [
                Line(job, json.dumps(job.payload, ensure_ascii=False, sort_keys=True))
                for job in page.jobs
            ],
            "older_url": older_url(request, page.older),
            "paged": "before" in request.GET,
            "first_query": first_query(request),
        },
    )


@staff_only
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: SignedInRequest, action: str) -> HttpResponse:
    """Ask, then retry or discard the selected failed jobs."""
    given = request.POST if request.method == "POST" else request.GET
    wanted = [number for text in given.getlist("job") if (number := row_id(text)) is not None]
    back = f"{reverse('staff_jobs')}?state={Job.State.DEAD}"
    if request.method == "POST":
        do = staff_jobs.retry if action == "retry" else staff_jobs.discard
        _tell(
            request,
            action,
            do(wanted, acting_account=request.account, origin=request.origin),
        )
        return HttpResponseRedirect(back)
    selected = job_queries.dead(wanted)
    if not selected:
        messages.info(request, _("Select at least one failed job first."))
        return HttpResponseRedirect(back)
    return render(
        request,
        "overview/staff/confirm_jobs.html",
        {"action": action, "jobs": selected, "count": len(selected), "back": back},
    )


def _tell(request: HttpRequest, action: str, count: int) -> None:
    if not count:
        messages.info(request, _("Nothing was left to do: the jobs are no longer in this list."))
    elif action == "retry":
        messages.success(
            request,
            ngettext("%(count)d job is tried again.", "%(count)d jobs are tried again.", count)
            % {"count": count},
        )
    else:
        messages.success(
            request,
            ngettext("%(count)d job discarded.", "%(count)d jobs discarded.", count)
            % {"count": count},
        )
