"""Text that a developer pastes: the settings of a client, and a first program with them."""

from __future__ import annotations

import re
import unicodedata


def env_file(
    *,
    issuer: str,
    client_id: str,
    secret: str = "",
    confidential: bool = False,
    redirect_uris: tuple[str, ...] = (),
    token_endpoint: str = "",
) -> str:
    """Return the settings as lines of a .env file; a line that has no value is left out.

    A secret that is not known any more leaves a place to fill in.
    """
    lines = [f"OIDC_ISSUER={issuer}", f"OIDC_CLIENT_ID={client_id}"]
    if secret:
        lines.append(f"OIDC_CLIENT_SECRET={secret}")
    elif confidential:
        lines.append("# OIDC_CLIENT_SECRET=")
    if token_endpoint:
        lines.append(f"OIDC_TOKEN_ENDPOINT={token_endpoint}")
    if redirect_uris:
        lines.append(f"OIDC_REDIRECT_URI={_quoted(redirect_uris[0])}")
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    # "$" starts a variable and "#" a comment for some readers of such files.
    return f"'{value}'" if re.search(r"[$#()&;!*?=]", value) and "'" not in value else value


def file_name(name: str) -> str:
    """Return a file name for the settings of the application called ``name``."""
    # "Bücherladen" is "bucherladen": accents stand apart from their letters, and are left out.
    letters = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", name.casefold()))
    plain = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40].strip("-")
    return f"{plain or 'application'}.env"


def python_client() -> str:
    """Return a sign-in with Authlib and Flask that reads those settings."""
    return (
        "# pip install authlib flask requests\n"
        "# flask --app example run, where OIDC_REDIRECT_URI leads to; begin at /sign-in\n"
        "import os\n"
        "from urllib.parse import urlsplit\n"
        "\n"
        "from authlib.integrations.flask_client import OAuth\n"
        "from flask import Flask, session\n"
        "\n"
        'REDIRECT_URI = os.environ["OIDC_REDIRECT_URI"]\n'
        "\n"
        "app = Flask(__name__)\n"
        "app.secret_key = os.urandom(32)\n"
        "oauth = OAuth(app)\n"
        "oauth.register(\n"
        '    "provider",\n'
        '    client_id=os.environ["OIDC_CLIENT_ID"],\n'
        '    client_secret=os.environ["OIDC_CLIENT_SECRET"],\n'
        '    server_metadata_url=os.environ["OIDC_ISSUER"]\n'
        '    + "/.well-known/openid-configuration",\n'
        "    client_kwargs={\n"
        '        "scope": "openid profile email",\n'
        '        "code_challenge_method": "S256",\n'
        "    },\n"
        ")\n"
        "\n"
        "\n"
        '@app.get("/sign-in")\n'
        "def sign_in():\n"
        "    return oauth.provider.authorize_redirect(REDIRECT_URI)\n"
        "\n"
        "\n"
        '@app.get(urlsplit(REDIRECT_URI).path or "/")\n'
        "def callback():\n"
        "    token = oauth.provider.authorize_access_token()\n"
        "    person = oauth.provider.userinfo(token=token)\n"
        '    session["sub"] = person["sub"]  # never changes; name and address may\n'
        "    return f\"Signed in as {person['name']}, {person['email']}\", {\n"
        '        "Content-Type": "text/plain; charset=utf-8"\n'
        "    }\n"
    )


def python_public() -> str:
    """Return a sign-in of an app without a secret (PKCE, RFC 7636), with Python alone."""
    return (
        "# Needs nothing but Python; AppAuth does the same in an app for iOS or Android.\n"
        "import base64, hashlib, json, os, secrets\n"
        "from urllib.parse import parse_qs, urlencode, urlsplit\n"
        "from urllib.request import Request, urlopen\n"
        "\n"
        "\n"
        "def answer(request, data=None):\n"
        "    with urlopen(request, data) as response:\n"
        "        return json.load(response)\n"
        "\n"
        "\n"
        'issuer, client_id = os.environ["OIDC_ISSUER"], os.environ["OIDC_CLIENT_ID"]\n'
        'redirect_uri = os.environ["OIDC_REDIRECT_URI"]\n'
        'provider = answer(issuer + "/.well-known/openid-configuration")\n'
        "\n"
        "verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)\n"
        "challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())\n"
        "query = urlencode({\n"
        '    "response_type": "code",\n'
        '    "client_id": client_id,\n'
        '    "redirect_uri": redirect_uri,\n'
        '    "scope": "openid profile email",\n'
        '    "state": state,\n'
        '    "code_challenge": challenge.rstrip(b"=").decode(),\n'
        '    "code_challenge_method": "S256",\n'
        "})\n"
        'print("Open in a browser:", provider["authorization_endpoint"] + "?" + query)\n'
        "\n"
        "# An app is handed this address by the system; here you paste it.\n"
        'back = parse_qs(urlsplit(input("It led back to: ")).query)\n'
        'if back.get("state") != [state] or "code" not in back:\n'
        '    raise SystemExit(f"Not signed in: {back}")\n'
        'token = answer(provider["token_endpoint"], urlencode({\n'
        '    "grant_type": "authorization_code",\n'
        '    "client_id": client_id,\n'
        '    "redirect_uri": redirect_uri,\n'
        '    "code": back["code"][0],\n'
        '    "code_verifier": verifier,\n'
        "}).encode())\n"
        "person = answer(Request(\n"
        '    provider["userinfo_endpoint"],\n'
        '    headers={"Authorization": f"Bearer {token[\'access_token\']}"},\n'
        "))\n"
        'print("Signed in as", person["name"])\n'
    )


def curl_machine() -> str:
    """Return how a machine gets an access token (RFC 6749 §4.4), for a shell."""
    return (
        'curl --user "$OIDC_CLIENT_ID:$OIDC_CLIENT_SECRET" \\\n'
        "  --data grant_type=client_credentials \\\n"
        '  "$OIDC_TOKEN_ENDPOINT"\n'
    )


def python_machine() -> str:
    """Return the same with Authlib."""
    return (
        "# pip install authlib requests\n"
        "import os\n"
        "from authlib.integrations.requests_client import OAuth2Session\n"
        "\n"
        "session = OAuth2Session(\n"
        '    os.environ["OIDC_CLIENT_ID"], os.environ["OIDC_CLIENT_SECRET"]\n'
        ")\n"
        "token = session.fetch_token(\n"
        '    os.environ["OIDC_TOKEN_ENDPOINT"], grant_type="client_credentials"\n'
        ")\n"
        'print(token["expires_in"])\n'
    )
