"""Icons stand in the page itself: they take the colour of their text and cost no request."""

from functools import cache

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

DRAWINGS = settings.BASE_DIR / "templates" / "components" / "icons"


@cache
def _drawing(name: str) -> SafeString:
    """Return the inside of a drawing; raises ``FileNotFoundError`` for an icon we do not have."""
    text = (DRAWINGS / f"{name}.svg").read_text().strip()
    opening, _, rest = text.partition(">")
    return mark_safe(opening.removeprefix("<svg") + ">" + rest)  # noqa: S308 -- our own file


def icon(name: str, css_class: str = "") -> SafeString:
    """Return a drawing of components/icons; a screen reader skips it and reads the text."""
    classes = f"icon {css_class}".strip()
    return format_html('<svg class="{}" aria-hidden="true"{}', classes, _drawing(name))
