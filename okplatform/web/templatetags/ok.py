"""The template words of OK: ``{% load ok %}``."""

from datetime import datetime
from zlib import crc32

from django import template
from django.forms import BoundField
from django.template import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from okplatform.kernel import clock
from okplatform.web import formats, icons, navigation, notices
from okplatform.web.importmap import import_map as current_import_map
from okplatform.web.preferences import chosen_theme

register = template.Library()

MARKS = 6


@register.filter
def money(amount: int, currency: str = "EUR") -> str:
    """``{{ sale.due|money:sale.currency }}``: an amount in minor units."""
    return formats.money(amount, currency)


@register.filter
def number(value: int) -> str:
    """``{{ count|number }}``: a whole number."""
    return formats.number(value)


@register.filter
def percent(basis_points: int) -> str:
    """``{{ line.vat_rate_bp|percent }}``: a rate in basis points."""
    return formats.percent(basis_points)


@register.filter
def clock_time(moment: datetime) -> str:
    """``{{ sale.closed_at|clock_time }}``: 14:02."""
    return formats.clock_time(moment)


@register.filter
def day(moment: datetime) -> str:
    """``{{ sale.closed_at|day }}``: today, yesterday, 21 nov."""
    return formats.day(moment, now=clock.now())


@register.filter
def day_and_time(moment: datetime) -> str:
    """``{{ sale.closed_at|day_and_time }}``: vandaag 14:02."""
    return formats.day_and_time(moment, now=clock.now())


@register.filter
def full_date(moment: datetime) -> str:
    """``{{ today|full_date }}``: zaterdag 21 november 2026."""
    return formats.full_date(moment)


@register.filter
def initials(name: str) -> str:
    """``{{ merchant.name|initials }}``: BB for Bakkerij Bol."""
    return "".join(word[0] for word in name.split()[:2]).upper()


@register.filter
def mark(name: str) -> str:
    """``<span class="mark {{ name|mark }}">``: always the same ground for the same name."""
    return f"mark-{crc32(name.encode()) % MARKS}"


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """``{% icon "receipt" %}``: a drawing of components/icons, in the colour of its text."""
    return icons.icon(name, css_class)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """``{% control field %}``: the control, without a placeholder that only echoes its label."""
    placeholder = str(field.field.widget.attrs.get("placeholder", ""))
    echoes = placeholder.startswith(str(field.label))
    return field.as_widget(attrs={"placeholder": ""} if echoes else None)


@register.simple_tag
def import_map() -> SafeString:
    """Return the page's import map; its text is the one the policy's hash allows."""
    text = mark_safe(current_import_map().text)  # noqa: S308 -- names and addresses of our own files
    return format_html('<script type="importmap">{}</script>', text)


@register.simple_tag(takes_context=True)
def theme(context: RequestContext) -> str:
    """Return light or dark as the reader chose it; empty follows the device."""
    request = context.get("request")
    return chosen_theme(request) if request else ""


@register.simple_tag(takes_context=True)
def theme_attribute(context: RequestContext) -> SafeString:
    """Return the attribute of <html> that fixes light or dark."""
    chosen = theme(context)
    return format_html(' data-theme="{}"', chosen) if chosen else SafeString("")


@register.simple_tag(takes_context=True)
def navigation_links(context: RequestContext, frame: navigation.Frame) -> list[navigation.NavLink]:
    """``{% navigation_links "wallet" as items %}``: the pages of a frame, for this reader."""
    membership, merchant = context.get("membership"), context.get("merchant")
    return navigation.links(
        frame,
        request=context["request"],
        role=membership.role if membership else None,
        merchant=merchant.reference if merchant else None,
    )


@register.simple_tag(takes_context=True)
def console_notices(context: RequestContext) -> list[notices.Notice]:
    """``{% console_notices as found %}``: what this reader has to know, on whatever page."""
    membership = context.get("membership")
    return notices.of(membership) if membership else []
