"""The WSGI entry: the guard, the hot plane behind it, Django behind both."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospes.config.settings")

django_application = get_wsgi_application()

# Django is set up from here on; what follows imports its models.
from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils.crypto import salted_hmac  # noqa: E402

from hospes.connect.services import backchannel, client_keys, events, revocation  # noqa: E402
from hospes.connect.services.signing_keys import key_source  # noqa: E402
from hospes.edge import databases  # noqa: E402
from hospes.edge.app import ENDPOINTS, HotPlane  # noqa: E402
from hospes.edge.guard import Exchange, Guard, Rules  # noqa: E402
from hospes.edge.services import Mtls, Services  # noqa: E402
from hospes.foundation import clock, counters, logging, metrics, numbers  # noqa: E402
from hospes.foundation.services import moved_clock  # noqa: E402
from hospes.identity.models import Account  # noqa: E402
from hospes.identity.services.two_step import phones  # noqa: E402
from hospes.identity.web.presence import STEP_COOKIE  # noqa: E402
from hospes.identity.web.quick_sign_in import QuickSignIn  # noqa: E402
from hospes.protocols.oauth import certificates  # noqa: E402

if TYPE_CHECKING:
    from hospes.config.environment import Environment

_NOTEWORTHY = 400
_log = logging.get("hospes.requests")


def _observe(exchange: Exchange) -> None:
    metrics.observe_request(exchange.plane, exchange.method, exchange.status, exchange.seconds)
    if exchange.plane == "hot" and exchange.status < _NOTEWORTHY:
        # Counted above. Written down it would cost more than the answer itself.
        return
    logging.request(
        plane=exchange.plane,
        method=exchange.method,
        path=exchange.path,
        status=exchange.status,
        milliseconds=round(exchange.seconds * 1000, 1),
        client=exchange.client,
    )


def _failed(error: Exception, path: str) -> None:
    _log.error("request_failed", path=path, exc_info=error)


def _heal() -> None:
    """Let go of this thread's broken connections, as Django does before its own requests."""
    for connection in connections.all(initialized_only=True):
        if connection.errors_occurred:
            connection.close_if_unusable_or_obsolete()


def _hit(name: str, key: str, limit: int, seconds: int) -> counters.Hit:
    return counters.hit(name, key, limit=limit, window=timedelta(seconds=seconds))


def _mtls(environment: Environment) -> Mtls | None:
    if not environment.certificate_header:
        return None
    path = environment.client_ca_file
    trusted = certificates.read_authorities(path.read_bytes()) if path else certificates.Trusted()
    return Mtls(trusted, environment.mtls_url)


def _services(environment: Environment) -> Services:
    return Services(
        issuer=environment.base_url,
        database=databases.from_settings(lambda: connections.settings["default"]),
        keys=key_source,
        clock=clock.timestamp,
        number=numbers.get,
        random_bytes=secrets.token_bytes,
        picture_url=lambda name: environment.base_url + Account(picture=name).picture_url,
        locales=environment.languages,
        log_has_room=events.has_room,
        ask_phone=backchannel.ask_phone,
        hit=_hit,
        step_cookie=STEP_COOKIE,
        poll_wait=phones.poll_wait,
        tell_reuse=revocation.note_reuse,
        client_keys=client_keys.keys_of,
        nonce_key=salted_hmac("hospes.dpop_nonce", "", algorithm="sha256").digest(),
        mtls=_mtls(environment),
        prepare=_heal,
    )


def _application(environment: Environment) -> Guard:
    return Guard(
        HotPlane(QuickSignIn(django_application), _services(environment)),
        Rules(
            base_url=environment.base_url,
            trusted_proxies=environment.trusted_proxies,
            client_header=environment.client_header,
            certificate_header=environment.certificate_header,
            body_limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
            protocol_paths=frozenset(ENDPOINTS),
        ),
        observe=_observe,
        failed=_failed,
    )


moved_clock.restore()
application = _application(settings.HOSPES)
