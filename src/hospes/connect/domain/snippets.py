"""Text that a developer pastes: the settings of a client, and a first program with them."""

from __future__ import annotations

import re


def env_file(
    *,
    issuer: str,
    client_id: str,
    secret: str = "",
    redirect_uris: tuple[str, ...] = (),
    token_endpoint: str = "",
) -> str:
    """Return the settings as lines of a .env file; a line that has no value is left out."""
    lines = [f"OIDC_ISSUER={issuer}", f"OIDC_CLIENT_ID={client_id}"]
    if secret:
        lines.append(f"OIDC_CLIENT_SECRET={secret}")
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
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40]
    return f"{plain or 'application'}.env"


def python_client(*, public: bool) -> str:
    """Return a sign-in with Authlib and Flask that reads those settings."""
    secret = "" if public else '    client_secret=os.environ["OIDC_CLIENT_SECRET"],\n'
    return (
        "import os\n"
        "from authlib.integrations.flask_client import OAuth\n"
        "from flask import Flask, session, url_for\n"
        "\n"
        "app = Flask(__name__)\n"
        "app.secret_key = os.urandom(32)\n"
        "oauth = OAuth(app)\n"
        "oauth.register(\n"
        '    "provider",\n'
        '    client_id=os.environ["OIDC_CLIENT_ID"],\n'
        f"{secret}"
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
        '    return oauth.provider.authorize_redirect(url_for("callback", _external=True))\n'
        "\n"
        "\n"
        '@app.get("/callback")\n'
        "def callback():\n"
        '    session["person"] = oauth.provider.authorize_access_token()["userinfo"]\n'
        '    return session["person"]\n'
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
