"""``hospes serve`` with applications, grants, codes and tokens to measure with."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

from bench.processes import Server
from bench.proofs import KEY_SET
from hospes import __version__
from hospes.protocols.oauth import options

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "bench-secret-of-the-applications-0123456789"  # noqa: S105 - made up
CALLBACK = "https://app.example/cb"

KEYED = options.write(
    options.ClientOptions(token_endpoint_auth_method="private_key_jwt", jwks=KEY_SET)  # noqa: S106 - a method
)

APPLICATIONS = """
import hashlib, uuid
from django.db import transaction
from hospes.connect.models import Application, ClientSecret, RedirectUri
from hospes.connect.services import signing_keys
from hospes.foundation import clock
from hospes.identity.models import Account
from hospes.organizations.models import Organization
now, seconds = clock.now(), clock.timestamp()
signing_keys.ensure_keys()
with transaction.atomic():
    home = Organization.objects.create(public_id=str(uuid.uuid4()), name="Bench", created_at=now)
    for number in range(100):
        Account.objects.create(
            public_id=str(uuid.uuid4()), email=f"person.{{number}}@customer.example",
            email_verified_at=now, first_name="Person", last_name=str(number), password_hash="!",
            password_changed_at=now, created_at=now, updated_at=now)
    for name, kind, alg in (
        ("ES256", "server", "ES256"), ("RS256", "server", "RS256"), ("machine", "other", "RS256"),
        ("keyed", "other", "RS256"),
    ):
        one = Application.objects.create(
            client_id=f"bench-{{name}}", organization=home, name=name, type=kind,
            id_token_alg=alg, created_at=seconds,
            options={options!r} if name == "keyed" else "")
        ClientSecret.objects.create(
            application=one, hint={secret!r}[-4:], created_at=seconds,
            secret_hash=hashlib.sha256(({secret!r} + name).encode()).hexdigest())
        RedirectUri.objects.create(application=one, uri={callback!r})
"""

ROWS = """
import hashlib, secrets
from django.db import transaction
from hospes.connect.models import Application, AuthorizationCode, Grant, Token
from hospes.foundation import clock
from hospes.identity.models import Account
now = clock.timestamp()
kind, count = {kind!r}, {count}
application = Application.objects.get(client_id={client_id!r})
people = list(Account.objects.filter(email__startswith="person."))
scope = "openid profile email" + (" offline_access" if kind == "refresh" else "")
values = [
    {{"code": "", "access": "hsp_at_", "refresh": "hsp_rt_"}}[kind] + secrets.token_hex(22)[:43]
    for _ in range(count)]
hashes = [hashlib.sha256(value.encode()).hexdigest() for value in values]
for start in range(0, count, 2000):
    part = hashes[start:start + 2000]
    with transaction.atomic():
        grants = Grant.objects.bulk_create([
            Grant(application=application, account=people[n % len(people)], scope=scope,
                  auth_time=now - 60, amr="pwd", nonce="n-0S6_WzA2Mj", created_at=now)
            for n in range(len(part))])
        pairs = list(zip(part, grants))
        if kind == "code":
            AuthorizationCode.objects.bulk_create([
                AuthorizationCode(code_hash=h, grant=g, redirect_uri={callback!r},
                                  code_challenge={challenge!r}, expires_at=now + 7200)
                for h, g in pairs])
        else:
            Token.objects.bulk_create([
                Token(token_hash=h, kind=kind, grant=g, scope=scope, created_at=now,
                      expires_at=now + 7200) for h, g in pairs])
with open({file!r}, "w") as out:
    out.write("".join(value + chr(10) for value in values))
"""


class Ours:
    """Hospes on the database at ``database_url``, on SQLite where that is empty."""

    name = "ours"
    paths = {
        "token": "/token",
        "introspect": "/oauth2/introspect",
        "userinfo": "/oauth2/userinfo",
    }
    lacking: dict[str, str] = {}
    instead: dict[str, tuple[str, str]] = {}

    def __init__(self, database_url: str, on: set[int]) -> None:
        self.storage = "PostgreSQL" if database_url else "SQLite"
        self.server = Server(database_url=database_url, cores=on)

    @property
    def url(self) -> str:
        """Return where it answers."""
        return self.server.url

    def versions(self) -> str:
        """Return the versions of what is measured."""
        return f"Hospes {__version__}, Django {version('django')}, granian {version('granian')}"

    def start(self) -> None:
        """Migrate, start, and register the applications."""
        subprocess.run(
            [sys.executable, "-m", "hospes", "migrate"],
            env=self.server.environment,
            check=True,
            capture_output=True,
        )
        self.server.start()
        self.server.python(APPLICATIONS.format(secret=SECRET, callback=CALLBACK, options=KEYED))

    def stop(self) -> None:
        """End it and remove its data."""
        self.server.stop()
        self.server.folder.cleanup()

    def client(self, name: str) -> tuple[str, str]:
        """Return id and secret of the application ``name``."""
        return f"bench-{name}", SECRET + name

    def prepare(self, kind: str, name: str, count: int, file: Path, challenge: str) -> None:
        """Insert ``count`` codes or tokens of the application ``name``; write them to ``file``."""
        self.server.python(
            ROWS.format(
                kind=kind,
                count=count,
                client_id=self.client(name)[0],
                callback=CALLBACK,
                challenge=challenge,
                file=str(file),
            )
        )
