"""The WSGI entry: the guard, the hot plane behind it, Django behind both."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospes.config.settings")

django_application = get_wsgi_application()
application = django_application
