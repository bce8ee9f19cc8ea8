"""Settings for production: no debugging, no middleware, connections that stay open."""

from __future__ import annotations

import logging
import os
from typing import Any
from urllib.parse import urlsplit

DEBUG = False
SECRET_KEY = "only-for-the-bench"  # noqa: S105 - nothing is signed with it
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.peers.drf.urls"
WSGI_APPLICATION = "bench.peers.drf.wsgi.application"
INSTALLED_APPS = ["rest_framework", "bench.peers.drf"]
MIDDLEWARE: list[str] = []
USE_TZ = True
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING_CONFIG = None
# Nothing of requests that are refused, as ours.
logging.getLogger("django.request").setLevel(logging.ERROR)


def _database(url: str) -> dict[str, Any]:
    """Return the entry for ``url``, a server's or the path of a file, as ours is set up."""
    parts = urlsplit(url)
    if not parts.scheme:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 10,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path[1:],
        "USER": parts.username,
        "HOST": parts.hostname,
        "PORT": parts.port,
        "CONN_MAX_AGE": None,
    }


def _cache(redis_url: str) -> dict[str, Any]:
    """Return where requests are counted: one process counts in its memory, as ours does."""
    if not redis_url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}


DATABASES = {"default": _database(os.environ["PEER_DATABASE"])}
CACHES = {"default": _cache(os.environ["PEER_REDIS"])}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["bench.peers.drf.tokens.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["bench.peers.drf.tokens.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": os.environ["PEER_RATE"]},
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
