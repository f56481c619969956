"""What the wallet shows of loyalty: a card per programme, and on receipts what a sale earned."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from loyalty.queries.cards import (
    Card,
    EarnedNote,
    TakenBackNote,
    cards_held,
    earned_at,
    taken_back,
)
from okplatform.web import formats
from wallet.hooks import HomeCard, ReceiptNote, SalePoints


class ProgrammeCards:
    """Gives the wallet a card per programme (``wallet.hooks.HomeCards``)."""

    def cards(self, person_id: int, mode: str) -> Sequence[HomeCard]:
        """Return the cards, the one used last first."""
        held = cards_held(person_id=person_id, mode=mode, language=formats.language())
        return [_card(one) for one in held]


class EarnedNotes:
    """Gives receipts what their sale earned, and lost (``wallet.hooks.ReceiptNotes``)."""

    def notes(self, sale_id: int, person_id: int) -> Sequence[ReceiptNote]:
        """Return the points of the sale, if this person earned any."""
        language = formats.language()
        earned = earned_at(sale_id=sale_id, person_id=person_id, language=language)
        lost = taken_back(sale_id=sale_id, person_id=person_id, language=language)
        return [*([_note(earned)] if earned else []), *([_lost(lost)] if lost else [])]


class PointsOfSales:
    """Gives receipts the numbers behind those notes (``wallet.hooks.PointsKnower``)."""

    def points_at(self, sale_id: int, person_id: int) -> SalePoints | None:
        """Return what the sale earned this person and what went back, if it earned any."""
        language = formats.language()
        earned = earned_at(sale_id=sale_id, person_id=person_id, language=language)
        if earned is None:
            return None
        lost = taken_back(sale_id=sale_id, person_id=person_id, language=language)
        return SalePoints(
            name=earned.points_name,
            earned=earned.points,
            taken_back=lost.points if lost else 0,
            balance=earned.balance,
        )


def _card(held: Card) -> HomeCard:
    return HomeCard(
        title=held.merchant_name,
        subtitle=held.points_name,
        value=formats.number(held.points or 0),
        url=reverse("loyalty:programme", kwargs={"reference": held.merchant_reference}),
    )


def _note(earned: EarnedNote) -> ReceiptNote:
    return ReceiptNote(
        title=f"+ {formats.number(earned.points)} {earned.points_name}",
        line=_nearly(earned.near_miss, earned.currency) if earned.near_miss else "",
        value=formats.number(earned.balance),
    )


def _lost(lost: TakenBackNote) -> ReceiptNote:
    owed = _("Your next {points} {name} pay what you had spent.")
    return ReceiptNote(
        title=f"− {formats.number(lost.points)} {lost.points_name}",
        line=owed.format(points=lost.owed, name=lost.points_name)
        if lost.owed
        else _("For what came back"),
        value="",
    )


def _nearly(miss: Mapping[str, Any], currency: str) -> str:
    """Say what little more would have brought."""
    if miss["kind"] == "piece":
        text = _("One more piece and you had got: {offer}")
        return text.format(offer=miss["text"][formats.language()])
    missing = formats.money(miss["missing"], currency)
    if miss["kind"] == "points":
        text = _("{missing} more and it would have been {points}")
        return text.format(missing=missing, points=miss["points"])
    text = _("{missing} more and you had got: {offer}")
    return text.format(missing=missing, offer=miss["text"][formats.language()])
