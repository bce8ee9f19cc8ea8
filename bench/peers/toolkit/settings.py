"""Settings for production: no debugging, no middleware, connections that stay open."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

DATA = Path(os.environ["TOOLKIT_DATA"])
DEBUG = False
SECRET_KEY = "only-for-the-bench"  # noqa: S105 - nothing is signed with it
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.peers.toolkit.urls"
WSGI_APPLICATION = "bench.peers.toolkit.wsgi.application"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "oauth2_provider"]
MIDDLEWARE: list[str] = []
USE_TZ = True
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING_CONFIG = None


def _database(url: str) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "toolkit.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 10,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path[1:],
        "USER": parts.username,
        "HOST": parts.hostname,
        "PORT": parts.port,
        "CONN_MAX_AGE": None,
    }


DATABASES = {"default": _database(os.environ["DATABASE_URL"])}
OAUTH2_PROVIDER = {
    "OAUTH2_VALIDATOR_CLASS": "bench.peers.toolkit.claims.Validator",
    "OIDC_ENABLED": True,
    "OIDC_RSA_PRIVATE_KEY": (DATA / "key.pem").read_text(),
    "PKCE_REQUIRED": True,
    "ROTATE_REFRESH_TOKEN": True,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 7200,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 86_400,
    "SCOPES": {"openid": "", "profile": "", "email": "", "offline_access": "", "machine": ""},
    "DEFAULT_SCOPES": ["machine"],
}
