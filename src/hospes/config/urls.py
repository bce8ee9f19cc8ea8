"""Every address of the page plane. The hot plane's addresses are in edge/app.py."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("hospes.foundation.urls")),
    path("", include("hospes.site.urls")),
    path("", include("hospes.identity.urls")),
    path("", include("hospes.organizations.urls")),
    path("", include("hospes.connect.urls")),
    path("", include("hospes.api.urls")),
    path("", include("hospes.status.urls")),
    path("", include("hospes.scim.urls")),
    path("", include("hospes.overview.urls")),
]

handler400 = "hospes.site.web.errors.bad_request"
handler403 = "hospes.site.web.errors.permission_denied"
handler404 = "hospes.site.web.errors.not_found"
handler500 = "hospes.site.web.errors.server_error"
