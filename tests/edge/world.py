"""The hot plane as ``config/wsgi.py`` binds it, over a database of choice, and rows for it."""

from __future__ import annotations

import itertools
import secrets
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
from django.db import connections, transaction
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from hospes.config.databases import settings_for
from hospes.connect.models import Application, AuthorizationCode, ClientSecret, Grant, Token
from hospes.edge.app import ENDPOINTS, HotPlane
from hospes.edge.databases import from_settings
from hospes.edge.guard import Exchange, Guard, Rules
from hospes.edge.services import Services
from hospes.foundation.counters.memory import Memory
from hospes.identity.models import Account
from hospes.organizations.models import Organization
from hospes.protocols.oauth import client_keys, pkce
from hospes.protocols.oauth.backchannel import Accepted
from hospes.protocols.oauth.clients import secret_hash
from hospes.protocols.oauth.errors import OAuthError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hospes.edge.http import Environ, StartResponse
    from hospes.foundation.counters.window import Hit

ISSUER = "https://hospes.test"
CALLBACK = "https://app.example/cb"
NOW = 1_800_000_000
MOMENT = datetime.fromtimestamp(NOW, UTC)
NUMBERS = {
    "connect.clock_skew_seconds": 30,
    "connect.assertion_seconds": 3600,
    "connect.dpop_proof_seconds": 60,
    "connect.dpop_nonce_seconds": 120,
    "connect.dpop_nonces_always": 0,
    "connect.access_token_seconds": 7200,
    "connect.device_code_minutes": 10,
    "connect.device_requests_per_minute": 30,
    "connect.exchange_depth": 3,
    "connect.id_token_seconds": 3600,
    "connect.pushed_request_seconds": 90,
    "connect.pushed_requests_per_minute": 60,
    "connect.refresh_token_days": 60,
    "connect.refresh_retry_seconds": 10,
    "api.requests": 60,
    "api.requests_window_seconds": 60,
    "api.token_unused_days": 365,
    "api.refused_per_network": 60,
}
_count = itertools.count(1)

KEYS: dict[str, Key] = {
    "RS256": RSAKey.generate_key(2048, {"kid": "r", "use": "sig", "alg": "RS256"}),
    "ES256": ECKey.generate_key("P-256", {"kid": "e", "use": "sig", "alg": "ES256"}),
    "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "o", "use": "sig", "alg": "EdDSA"}),
}


class FixedKeys:
    """A key source whose keys never change; ``missing`` ones are not there."""

    def __init__(self) -> None:
        self.missing: set[str] = set()

    def signer(self, alg: str) -> tuple[str, Key]:
        if alg in self.missing:
            raise LookupError(alg)
        return str(KEYS[alg].kid), KEYS[alg]

    def jwks(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in KEYS.values()]}


def use_database(alias: str, url: str, data_dir: Path) -> None:
    """Let Django know a second database."""
    if alias not in connections.settings:
        entry = {**connections.settings["default"], **settings_for(url, data_dir)}
        connections.settings[alias] = entry


def empty(alias: str) -> None:
    """Remove every row of a second database."""
    connection = connections[alias]
    names = [n for n in connection.introspection.table_names() if n != "django_migrations"]
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name in names:
            cursor.execute(f'DELETE FROM "{name}"')
    connection.close()


def _pages(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    body = f"page {environ['PATH_INFO']}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


class World:
    """One installation: its client, its clock and its rows."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self.now = NOW
        self.log_has_room = True
        self.keys = FixedKeys()
        self.exchanges: list[Exchange] = []
        self.questions: list[tuple[Any, ...]] = []
        self.reply: Accepted | OAuthError | None = Accepted("a" * 43, 300, 5)
        self.failures: list[Exception] = []
        self.counters = Memory()
        self.database = from_settings(lambda: connections.settings[alias])
        self.pages = _pages
        self.services = Services(
            issuer=ISSUER,
            database=self.database,
            keys=self.keys,
            clock=lambda: self.now,
            number=NUMBERS.__getitem__,
            random_bytes=secrets.token_bytes,
            picture_url=lambda name: f"{ISSUER}/pictures/{name}",
            locales=("en", "fr"),
            log_has_room=lambda _application: self.log_has_room,
            ask_phone=self._asked,
            hit=self._hit,
            nonce_key=b"n" * 32,
            client_keys=lambda client, _kid: client_keys.read_set(client.options.jwks),
        )
        self.application = Guard(
            HotPlane(_pages, self.services),
            Rules(ISSUER, protocol_paths=frozenset(ENDPOINTS)),
            observe=self.exchanges.append,
            failed=lambda error, _path: self.failures.append(error),
        )
        self.client = self.new_client()

    def new_client(self) -> httpx.Client:
        return httpx.Client(
            transport=httpx.WSGITransport(app=self.application, remote_addr="192.0.2.1"),
            base_url=ISSUER,
        )

    def _hit(self, name: str, key: str, limit: int, seconds: int) -> Hit:
        return self.counters.hit(name, key, limit, seconds * 1_000_000, self.now * 1_000_000)

    def _asked(self, *question: Any) -> Accepted | None:
        self.questions.append(question)
        if isinstance(self.reply, OAuthError):
            raise self.reply
        return self.reply

    def close(self) -> None:
        self.database.close()

    # -- rows ----------------------------------------------------------------------------------

    def make(self, model: Any, **values: Any) -> Any:
        return model.objects.using(self.alias).create(**values)

    def account(self, **values: Any) -> Account:
        number = next(_count)
        return self.make(
            Account,
            **{
                "public_id": str(uuid.uuid4()),
                "email": f"ada.{number}@customer.example",
                "email_verified_at": MOMENT,
                "first_name": "Ada",
                "last_name": "Lovelace",
                "locale": "fr",
                "timezone": "Europe/Zurich",
                "password_hash": "x",
                "password_changed_at": MOMENT,
                "created_at": MOMENT,
                "updated_at": MOMENT,
                **values,
            },
        )

    def app(self, *, secrets_: tuple[str, ...] = ("right",), **values: Any) -> Application:
        organization = self.make(
            Organization, public_id=str(uuid.uuid4()), name="Ada SA", created_at=MOMENT
        )
        application = self.make(
            Application,
            **{
                "client_id": str(uuid.uuid4()),
                "organization": organization,
                "name": "Ada's notes",
                "type": "web",
                "created_at": NOW,
                **values,
            },
        )
        for secret in secrets_:
            self.secret(application, secret)
        return application

    def secret(self, application: Application, secret: str, **values: Any) -> ClientSecret:
        return self.make(
            ClientSecret,
            application=application,
            secret_hash=secret_hash(self.secret_of(application, secret)),
            hint="abcd",
            created_at=NOW,
            **values,
        )

    @staticmethod
    def secret_of(application: Application, word: str = "right") -> str:
        """Return a secret no other application has."""
        return f"{word}-{application.client_id}"

    def grant(self, application: Application, **values: Any) -> Grant:
        return self.make(
            Grant,
            application=application,
            **{
                "account": values.pop("account", None) or self.account(),
                "scope": "openid profile email",
                "auth_time": NOW - 100,
                "amr": "pwd",
                "nonce": "n1",
                "created_at": NOW,
                **values,
            },
        )

    def code(self, grant: Grant, *, verifier: str = "", **values: Any) -> str:
        code = f"hsp_ac_{secrets.token_hex(16)}"
        self.make(
            AuthorizationCode,
            **{
                "code_hash": secret_hash(code),
                "grant": grant,
                "redirect_uri": CALLBACK,
                "code_challenge": pkce.challenge_of(verifier) if verifier else "",
                "expires_at": NOW + 60,
                **values,
            },
        )
        return code

    def access_token(self, grant: Grant, **values: Any) -> str:
        token = f"hsp_at_{secrets.token_hex(16)}"
        self.make(
            Token,
            **{
                "token_hash": secret_hash(token),
                "kind": "access",
                "grant": grant,
                "scope": grant.scope,
                "created_at": NOW,
                "expires_at": NOW + 7200,
                **values,
            },
        )
        return token

    def snapshot(self) -> dict[str, list[dict[str, Any]]]:
        """Return every row that the hot plane could change."""
        return {
            model.__name__: list(model.objects.using(self.alias).order_by("id").values())
            for model in (Grant, AuthorizationCode, Token, Application, ClientSecret, Account)
        }

    # -- requests ------------------------------------------------------------------------------

    def redeem(
        self, application: Application, code: str, /, *, verifier: str = "", **changes: Any
    ) -> httpx.Response:
        """Send a token request with ``client_secret_post``; ``None`` leaves a field out."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "client_id": application.client_id,
            "client_secret": self.secret_of(application),
            "code_verifier": verifier or None,
            **changes,
        }
        data = {name: value for name, value in form.items() if value is not None}
        return self.client.post("/token", data=data)
