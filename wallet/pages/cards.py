"""The loyalty cards: all of them, and one with its code."""

import json
from typing import Any, ClassVar
from uuid import uuid4

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.web.views import PersonPage
from wallet import hooks
from wallet.card_access import May, bookings_for, card_for, cards_for, groups_for, may, shared_by
from wallet.card_invitations import invitations_for, shares_of
from wallet.card_tiles import tile_of, tiles_of
from wallet.cards import SORTS, Wanted
from wallet.imports.tables import millis_of_day
from wallet.live_cards import standing_of
from wallet.models import Card
from wallet.reader import reader
from wallet.symbologies import catima_kind
from wallet.symbols import symbol_of

SORT_LABELS = {
    "used": _("Last used"),
    "often": _("Most used"),
    "name": _("Name"),
    "added": _("Newest"),
}
SHOWN = 10
"""Changes of a balance on the page of its card."""

MOST_TILES = 500
"""Tiles on one page; whoever has more finds the others by searching."""

FEW = 7
"""As many cards are seen at a glance; more can be searched."""


class CardsPage(PersonPage):
    """All cards, or how to get the first one."""

    template_name = "wallet/cards.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the cards that were asked for, and where to find more."""
        person, wanted = reader(self.request), self._wanted()
        today = timezone.localdate(clock.now())
        found = cards_for(person.pk, wanted)
        tiles = tiles_of(person, found[:MOST_TILES], today)
        narrowed = wanted.text or wanted.group or wanted.archived or wanted.removed
        groups = groups_for(person.pk)
        return super().get_context_data(
            tiles=tiles,
            all_tiles=len(found),
            wanted=wanted,
            groups=groups,
            sorts=SORT_LABELS.items(),
            narrowed=narrowed,
            searchable=narrowed or groups or len(tiles) >= FEW,
            invitations=[] if narrowed else invitations_for(person.pk, clock.now()),
            memberships=[] if narrowed else hooks.cards_of(person.pk, person.mode),
            more=hooks.more_cards(),
            back=reverse("wallet:cards") if wanted.archived or wanted.removed else None,
            **kwargs,
        )

    def _wanted(self) -> Wanted:
        asked = self.request.GET
        sort = asked.get("sort", "")
        return Wanted(
            text=asked.get("q", "").strip().replace("\x00", "")[:80],
            group=asked.get("group", "").replace("\x00", ""),
            sort=sort if sort in SORTS else "used",
            archived=asked.get("show") == "archive",
            removed=asked.get("show") == "removed",
        )


class OneCardPage(PersonPage):
    """Base of the pages of one card; what one may not do with it is not found.

    ``needs`` is what the page is for; the owner's alone where a page says nothing.
    """

    needs: ClassVar[May] = May.OWN

    def card_or_404(self) -> Card:
        """Return the card of the address."""
        card = card_for(reader(self.request).pk, self.kwargs["card"], self.needs)
        if card is None:
            raise Http404
        return card

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the card, where the address has only its UUID."""
        card = kwargs.get("card")
        found = card if isinstance(card, Card) else self.card_or_404()
        return super().get_context_data(**{**kwargs, "card": found})


def _shared(card: Card) -> dict[str, Any]:
    """Return what a link of a card says (static/js/card-share-link.js); no note, no balance."""
    start, end = card.valid_from, card.expires_on
    return {
        "name": card.name,
        "issuer": card.issuer,
        "number": card.number,
        "payload": card.payload,
        "symbology": card.symbology,
        "catima": catima_kind(card.symbology),
        "encoding": card.encoding,
        "colour": card.colour,
        "from": str(millis_of_day(start)) if start else "",
        "until": str(millis_of_day(end)) if end else "",
    }


class CardPage(OneCardPage):
    """One card: its code as large as the phone allows, then everything else."""

    template_name = "wallet/card_page.html"
    needs = May.SEE

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the card; its code as JSON, which keeps what HTML would change."""
        card, person = self.card_or_404(), reader(self.request)
        code = {
            "symbology": card.symbology,
            "payload": card.payload,
            "encoding": card.encoding,
        }
        shown = {
            "card": card,
            "tile": tile_of(card, timezone.localdate(clock.now())),
            "standing": standing_of(person.pk, person.mode, card),
            "code": json.dumps(code),
            "shared": json.dumps(_shared(card)),
            "is_own": may(card, May.OWN),
            "may_book": may(card, May.BOOK),
            "shared_by": shared_by(card),
            "shares": shares_of(card) if may(card, May.OWN) else (),
            "symbol": symbol_of(card.symbology, card.payload) if card.symbology else None,
            "balance_changes": bookings_for(card)[:SHOWN],
            "said": uuid4(),
            "back": reverse("wallet:cards"),
        }
        return super().get_context_data(**{**kwargs, **shown})
