"""The reader's choices that a cookie keeps: language (Django's own cookie) and light or dark."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

THEME_COOKIE = "ok_theme"
THEMES = frozenset({"light", "dark"})
YEAR = 365 * 24 * 60 * 60


def chosen_theme(request: HttpRequest) -> str:
    """Return ``light`` or ``dark`` where the reader chose; empty follows the device."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEMES else ""


def keep_theme(response: HttpResponseBase, theme: str) -> None:
    """Remember the choice for a year; anything but light or dark follows the device again."""
    if theme in THEMES:
        _keep(response, THEME_COOKIE, theme)
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")


def keep_language(response: HttpResponseBase, language: str) -> None:
    """Remember the language for a year, where Django's LocaleMiddleware looks for it."""
    _keep(response, settings.LANGUAGE_COOKIE_NAME, language)


def _keep(response: HttpResponseBase, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
