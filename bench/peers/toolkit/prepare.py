"""Applications, people, codes and tokens, through the toolkit's models.

``prepare.py applications SECRET CALLBACK`` or
``prepare.py code|access|refresh CLIENT COUNT CALLBACK CHALLENGE FILE``.
"""

from __future__ import annotations

import sys
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - models only once Django is set up
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from oauth2_provider import models  # type: ignore[import-not-found,unused-ignore] # noqa: E402
from oauthlib.common import generate_token  # type: ignore[import-untyped,unused-ignore] # noqa: E402

PEOPLE = 100
PART = 2000


def applications(secret: str, callback: str) -> None:
    """Register two applications and the people who use them."""
    User.objects.bulk_create(
        User(
            username=f"person.{number}",
            email=f"person.{number}@customer.example",
            first_name="Person",
            last_name=str(number),
            last_login=timezone.now(),
        )
        for number in range(PEOPLE)
    )
    for name, grant in (("RS256", "authorization-code"), ("machine", "client-credentials")):
        models.Application.objects.create(
            name=name,
            client_id=f"bench-{name}",
            client_secret=secret + name,
            # Hashed as by default, each request would cost a password hash.
            hash_client_secret=False,
            client_type="confidential",
            authorization_grant_type=grant,
            redirect_uris=callback if name == "RS256" else "",
            algorithm="RS256",
        )


def _codes(common: list[dict[str, Any]], callback: str, challenge: str) -> list[str]:
    grants = models.Grant.objects.bulk_create(
        models.Grant(
            **values,
            code=generate_token(),
            redirect_uri=callback,
            code_challenge=challenge,
            code_challenge_method="S256",
            nonce="n-0S6_WzA2Mj",
        )
        for values in common
    )
    return [grant.code for grant in grants]


def _tokens(common: list[dict[str, Any]], *, refresh: bool) -> list[str]:
    access = models.AccessToken.objects.bulk_create(
        models.AccessToken(**values, token=generate_token()) for values in common
    )
    if not refresh:
        return [token.token for token in access]
    made = models.RefreshToken.objects.bulk_create(
        models.RefreshToken(
            user=token.user,
            application=token.application,
            access_token=token,
            token=generate_token(),
            token_family=uuid.uuid4(),
        )
        for token in access
    )
    return [token.token for token in made]


def rows(kind: str, client: str, count: int, callback: str, challenge: str) -> list[str]:
    """Insert codes or tokens; return their values."""
    application = models.Application.objects.get(client_id=client)
    people = list(User.objects.all())
    scope = "openid profile email" + (" offline_access" if kind == "refresh" else "")
    values: list[str] = []
    while len(values) < count:
        common = [
            {
                "user": people[number % len(people)],
                "application": application,
                "scope": scope,
                "expires": timezone.now() + timedelta(hours=2),
            }
            for number in range(min(PART, count - len(values)))
        ]
        with transaction.atomic():
            if kind == "code":
                values += _codes(common, callback, challenge)
            else:
                values += _tokens(common, refresh=kind == "refresh")
    return values


def main() -> None:
    """Do what the arguments say."""
    kind, *rest = sys.argv[1:]
    if kind == "applications":
        applications(*rest)
        return
    client, count, callback, challenge, file = rest
    values = rows(kind, client, int(count), callback, challenge)
    Path(file).write_text("".join(f"{value}\n" for value in values))


main()
