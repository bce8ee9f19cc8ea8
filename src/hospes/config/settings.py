"""Django's settings, all of them out of the environment."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from hospes.config import databases, environment, keyfiles

ENVIRONMENT = environment.read()
PACKAGE_DIR = Path(__file__).resolve().parent.parent

HOSPES = ENVIRONMENT
KEYS = keyfiles.load(ENVIRONMENT.data_dir)

SECRET_KEY = KEYS.django_secret
DEBUG = False
# The guard in front of Django lets only this host through (edge/guard.py).
ALLOWED_HOSTS = [
    ENVIRONMENT.host.rsplit(":", 1)[0] if ":" in ENVIRONMENT.host else ENVIRONMENT.host
]
ROOT_URLCONF = "hospes.config.urls"
WSGI_APPLICATION = "hospes.config.wsgi.django_application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

INSTALLED_APPS = [
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "hospes.foundation",
    "hospes.site",
    "hospes.rest",
    "hospes.identity",
    "hospes.catalog",
    "hospes.organizations",
    "hospes.connect",
    "hospes.api",
    "hospes.status",
    "hospes.scim",
    "hospes.overview",
    "hospes.demo",
    "hospes.config.apps.WiringConfig",
]

MIDDLEWARE = [
    "hospes.rest.middleware.ApiMiddleware",
    "hospes.site.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hospes.identity.middleware.SessionMiddleware",
    "hospes.site.middleware.LanguageMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hospes.organizations.middleware.TwoStepMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "hospes.site.context.frame",
            ],
            "builtins": ["hospes.site.templatetags.site"],
        },
    }
]
FORM_RENDERER = "hospes.site.forms.Renderer"

DATABASES = {"default": databases.settings_for(ENVIRONMENT.database_url, ENVIRONMENT.data_dir)}

# Cookies: over TLS they carry the __Host- prefix, which browsers tie to this very host.
COOKIE_PREFIX = "__Host-" if ENVIRONMENT.https else ""
SECURE_COOKIES = ENVIRONMENT.https
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.base_url]
CSRF_FAILURE_VIEW = "hospes.site.web.errors.csrf_failure"
MESSAGE_STORAGE = "hospes.site.toast_storage.ToastStorage"
# MessageMiddleware's cookie follows Django's session cookie settings.
SESSION_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("de", _("German")),
    ("it", _("Italian")),
    ("es", _("Spanish")),
]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.data_dir / "static"
FILES_DIR = ENVIRONMENT.data_dir / "files"
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
LOGGING_CONFIG = None
