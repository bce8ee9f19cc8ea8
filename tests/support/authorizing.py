"""What an application sends people with, and how it reads what comes back."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

if TYPE_CHECKING:
    import httpx

    from hospes.connect.models import Application

CALLBACK = "https://shop.example/callback"
VERIFIER = "correct-horse-battery-staple-correct-horse-battery"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


def authorize_url(application: Application, **changes: str | None) -> str:
    """Return the address that the application sends a person to; None leaves a value out."""
    values: dict[str, str | None] = {
        "client_id": application.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid profile email",
        "state": "st-1",
        "nonce": "n-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return "/authorize?" + urlencode({k: v for k, v in values.items() if v is not None})


def answered(response: httpx.Response) -> tuple[str, dict[str, str]]:
    """Return address and parameters of a redirect to an application."""
    parts = urlsplit(response.headers["location"])
    return (
        f"{parts.scheme}://{parts.netloc}{parts.path}",
        {name: values[0] for name, values in parse_qs(parts.query).items()},
    )
