"""What an offer does, in one plain sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.models import Offer, OfferKind, Target
from loyalty.queries.offers import OfferLine
from okplatform.web import formats

WHOLE = 10_000
HALF = 5_000


def says(offer: Offer | OfferLine, currency: str) -> str:
    """Return what the offer does, in the language of the request."""
    sentence = _kind(offer, currency)
    if offer.min_basket:
        sentence = _("{offer}, from {amount}").format(
            offer=sentence, amount=formats.money(offer.min_basket, currency)
        )
    if offer.most:
        sentence = ngettext(
            "{offer}, at most {count} time per basket",
            "{offer}, at most {count} times per basket",
            offer.most,
        ).format(offer=sentence, count=offer.most)
    return sentence


def _kind(offer: Offer | OfferLine, currency: str) -> str:
    amount = formats.money(offer.amount or 0, currency)
    pieces = offer.pieces or 0
    if offer.kind == OfferKind.NTH:
        return _nth(pieces, offer.percentage_bp or 0)
    if offer.kind == OfferKind.STAMPS:
        return _stamp_card(pieces, offer.percentage_bp or 0)
    sentences = {
        OfferKind.PERCENTAGE: _("{percentage} off"),
        OfferKind.AMOUNT_OFF: _("{amount} off")
        if offer.target == Target.BASKET
        else _("{amount} off each"),
        OfferKind.FIXED_PRICE: _("for {amount} each"),
        OfferKind.SET_PRICE: _("{pieces} for {amount}"),
        OfferKind.BUNDLE: _("together for {amount}"),
    }
    return sentences[OfferKind(offer.kind)].format(
        amount=amount, pieces=pieces, percentage=formats.percent(offer.percentage_bp or 0)
    )


def _nth(pieces: int, share_bp: int) -> str:
    if share_bp == WHOLE:
        return _("{paid} + 1 free").format(paid=pieces - 1)
    if share_bp == HALF:
        return _("number {pieces} at half price").format(pieces=pieces)
    return _("number {pieces} with {percentage} off").format(
        pieces=pieces, percentage=formats.percent(share_bp)
    )


def _stamp_card(size: int, share_bp: int) -> str:
    if share_bp == WHOLE:
        return _("stamp card: number {size} is free").format(size=size)
    return _("stamp card: number {size} with {percentage} off").format(
        size=size, percentage=formats.percent(share_bp)
    )
