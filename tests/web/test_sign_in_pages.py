"""Every page of signing in is ours: allauth's own plain ones never show."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.template.engine import Engine
from django.urls import get_resolver


def _views(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern.url_patterns, address)
        else:
            yield address, getattr(pattern.callback, "view_class", None)


def _templates() -> set[str]:
    views = [view for address, view in _views(get_resolver().url_patterns) if "account/" in address]
    names = {getattr(view, "template_name", None) for view in views}
    return {name for name in names if name and name.endswith(".html")}


def test_every_page_of_signing_in_is_ours() -> None:
    own = str(settings.BASE_DIR / "templates")
    names = _templates()
    assert len(names) > 15
    engine = Engine.get_default()
    theirs = [name for name in names if not engine.get_template(name).origin.name.startswith(own)]
    assert theirs == []
