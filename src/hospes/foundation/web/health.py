"""What a load balancer and a metrics server ask: no look, no cookies."""

from __future__ import annotations

import hmac
import ipaddress
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hospes.foundation import metrics
from hospes.foundation.errors import NotFound
from hospes.foundation.services import health

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
@never_cache
def alive(_request: HttpRequest) -> HttpResponse:
    """``/healthz``: the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(_request: HttpRequest) -> HttpResponse:
    """``/readyz``: database, migrations and worker are as they should be; else 503 and why."""
    faults = health.faults()
    return JsonResponse({"ready": not faults, "faults": faults}, status=503 if faults else 200)


@require_safe
@never_cache
def figures(request: HttpRequest) -> HttpResponse:
    """``/metrics``: for the token's bearer, or this machine itself where no token is set."""
    if not _may_see_figures(request):
        raise NotFound
    health.update_gauges()
    return HttpResponse(metrics.render(), content_type=metrics.CONTENT_TYPE)


def _may_see_figures(request: HttpRequest) -> bool:
    token: str = settings.HOSPES.metrics_token
    if token:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(
            given.strip().encode(), token.encode()
        )
    if request.META.get("hospes.forwarded"):
        # A proxy on this machine that is not in the trusted list: the far end is unknown.
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
