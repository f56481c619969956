"""The pages a frame offers.

An app registers its own in ``AppConfig.ready()``::

    navigation.register("console", NavItem(
        label=_("Live"), url_name="merchants:live", icon="live", order=10, roles=frozenset(Role)))

Four frames: ``wallet`` (its tabs), ``console`` (its side), ``office`` (the side of OK's own people)
and ``start`` (where one goes after sign-in: an item without roles is for the person, one with roles
is offered once per merchant the person works for). Console addresses may carry the merchant's
reference as ``<slug:merchant>``; the registry fills it in.
"""

from dataclasses import dataclass, replace
from typing import Literal

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from okplatform.parties.models import Role

Frame = Literal["wallet", "console", "office", "start"]


@dataclass(frozen=True, kw_only=True, slots=True)
class NavItem:
    """One page in a frame's navigation.

    ``icon`` names a drawing of components/icons. ``order`` sorts, lowest first. ``roles`` are who
    sees it in the console; seeing is not opening: the page itself checks its permission.
    """

    label: str | Promise
    url_name: str
    icon: str
    order: int
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class NavLink:
    """An item as one reader sees it."""

    label: str | Promise
    address: str
    icon: str
    current: bool = False


_items: dict[Frame, list[NavItem]] = {"wallet": [], "console": [], "office": [], "start": []}


def register(frame: Frame, item: NavItem) -> None:
    """Offer a page in a frame; raises ``ValueError`` when the same page is offered twice."""
    if any(known.url_name == item.url_name for known in _items[frame]):
        message = f"{item.url_name} is in the {frame}'s navigation already"
        raise ValueError(message)
    _items[frame].append(item)
    _items[frame].sort(key=lambda known: known.order)


def links(
    frame: Frame, *, request: HttpRequest, role: str | None, merchant: str | None
) -> list[NavLink]:
    """Return what this reader sees; the longest address that starts the path is current."""
    visible = [
        NavLink(label=item.label, address=_address(item.url_name, merchant), icon=item.icon)
        for item in _items[frame]
        if not item.roles or role in item.roles
    ]
    here = [link for link in visible if request.path.startswith(link.address)]
    nearest = max(here, key=lambda link: len(link.address), default=None)
    return [replace(link, current=link is nearest) for link in visible]


def _address(url_name: str, merchant: str | None) -> str:
    """Return the page's address, with the merchant in it where it belongs."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return reverse(url_name, kwargs={"merchant": merchant})
