"""What a browser remembers about how pages look: the language and the theme, as two cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

Theme = Literal["light", "dark", "system"]
THEMES: tuple[Theme, ...] = ("light", "dark", "system")

# Each language by its own name, so that its speakers find it. In the order of the footer.
LANGUAGE_NAMES = {
    "en": "English",
    "fr": "Français",
    "de": "Deutsch",
    "it": "Italiano",
    "es": "Español",
}
SECONDS_REMEMBERED = 400 * 24 * 3600  # RFC 6265bis: browsers keep a cookie 400 days at most


def theme_cookie() -> str:
    """Return the theme cookie's name."""
    return f"{settings.COOKIE_PREFIX}theme"


def theme(request: HttpRequest) -> Theme:
    """Return the chosen theme; ``system`` where none was chosen."""
    value = request.COOKIES.get(theme_cookie(), "")
    return cast("Theme", value) if value in {"light", "dark"} else "system"


def remember(response: HttpResponse, cookie: str, value: str) -> None:
    """Keep ``value`` in the browser for as long as browsers keep cookies."""
    attributes: dict[str, Any] = {
        "path": "/",
        "secure": settings.SECURE_COOKIES,
        "httponly": True,
        "samesite": "Lax",
    }
    response.set_cookie(cookie, value, max_age=SECONDS_REMEMBERED, **attributes)


def forget(response: HttpResponse, cookie: str) -> None:
    """Remove the cookie, with the attributes the ``__Host-`` prefix asks for."""
    response.set_cookie(
        cookie,
        "",
        max_age=0,
        path="/",
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Lax",
    )


def languages() -> list[tuple[str, str]]:
    """Return the installation's languages as (code, own name)."""
    return [(code, LANGUAGE_NAMES.get(code, code)) for code in settings.HOSPES.languages]
