"""What the wallet shows of loyalty: a card per programme, and on receipts what a sale earned."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty.actions.join_programme import ProgrammeUnknown, join
from loyalty.lot_words import counts, lasts
from loyalty.models import Programme
from loyalty.queries.cards import (
    Card,
    EarnedNote,
    TakenBackNote,
    cards_at,
    cards_held,
    earned_at,
    taken_back,
)
from loyalty.queries.circles import CircleNow, circles_of
from loyalty.queries.lots import NOTHING, PointsOn, Standing, standings
from loyalty.queries.spending import SpentNote, spent_at
from loyalty.queries.stamps import stamped_at
from loyalty.stamp_words import note as stamp_note
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Person
from okplatform.web import formats
from wallet.hooks import HomeCard, LiveMembership, ReceiptNote, SalePoints

SOON = timedelta(days=30)
"""How long before points end their card says so."""


class ProgrammeCards:
    """Gives the wallet a card per programme (``wallet.hooks.HomeCards``)."""

    def cards(self, person_id: int, mode: str) -> Sequence[HomeCard]:
        """Return the cards, the one used last first."""
        held = cards_held(person_id=person_id, mode=mode, language=formats.language())
        lots = standings([one.member_id for one in held if one.member_id and one.keeps_lots])
        today = timezone.localdate(clock.now())
        circles = circles_of([one.merchant_id for one in held]) if len(held) > 1 else {}
        return [
            _card(one, lots.get(one.member_id or 0, NOTHING), today, circles.get(one.merchant_id))
            for one in _once(held, circles)
        ]


class ProgrammeMemberships:
    """Lets cards stand for memberships (``wallet.hooks.Memberships``)."""

    def at(
        self, person_id: int, mode: str, merchant_ids: Collection[int]
    ) -> Mapping[int, LiveMembership]:
        """Return the programmes of these merchants, as this person stands in them."""
        found = cards_at(
            person_id=person_id,
            mode=mode,
            merchant_ids=merchant_ids,
            language=formats.language(),
        )
        return {one.merchant_id: _membership(one) for one in found}

    def join(
        self, *, person_id: int, merchant_id: int, terms_version: int, actor: Actor, now: datetime
    ) -> None:
        """Join; raises ``ProgrammeUnknown`` or ``TermsChanged``. A member joined on other terms."""
        person = Person.objects.get(pk=person_id)
        found = self.at(person_id, person.mode, {merchant_id}).get(merchant_id)
        if found is not None and found.is_member:
            return
        with merchant_scope(merchant_id):
            programme = Programme.objects.first()
        if programme is None:
            raise ProgrammeUnknown
        join(
            programme_id=programme.pk,
            person_id=person_id,
            terms_version=terms_version,
            actor=actor,
            now=now,
        )


class EarnedNotes:
    """Gives receipts what their sale took, earned and lost (``wallet.hooks.ReceiptNotes``)."""

    def notes(self, sale_id: int, person_id: int) -> Sequence[ReceiptNote]:
        """Return the points and stamps of the sale, if this person spent or got any."""
        language = formats.language()
        earned = earned_at(sale_id=sale_id, person_id=person_id, language=language)
        lost = taken_back(sale_id=sale_id, person_id=person_id, language=language)
        paid = spent_at(sale_id=sale_id, person_id=person_id, language=language)
        stamped = stamped_at(sale_id=sale_id, person_id=person_id, language=language)
        return [
            *([_paid_with(paid)] if paid else []),
            *([_note(earned)] if earned else []),
            *([_lost(lost)] if lost else []),
            *map(stamp_note, stamped),
        ]


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


def _once(held: Sequence[Card], circles: Mapping[int, CircleNow]) -> list[Card]:
    """Leave one card of each circle, that of the shop where it was used last: one balance."""
    first: dict[int, int] = {}
    for one in held:
        if one.merchant_id in circles:
            first.setdefault(circles[one.merchant_id].id, one.merchant_id)
    return [
        one
        for one in held
        if one.merchant_id not in circles or first[circles[one.merchant_id].id] == one.merchant_id
    ]


def _card(held: Card, lots: Standing, today: date, circle: CircleNow | None) -> HomeCard:
    return HomeCard(
        title=circle.name if circle else held.merchant_name,
        subtitle=_soon(held.points_name, lots, today),
        value=formats.number(held.points or 0),
        url=reverse("loyalty:programme", kwargs={"reference": held.merchant_reference}),
    )


def _soon(name: str, lots: Standing, today: date) -> str:
    """Say what ends soon; else what will count; else what the points are called."""
    if lots.ending and lots.ending[0].day <= today + SOON:
        first = lots.ending[0]
        said, day = _("{points} {name} valid until {day}"), first.day
        return said.format(
            points=formats.number(first.points), name=name, day=formats.calendar_day(day)
        )
    if lots.waiting:
        said = _("{name}, {points} more to come")
        return said.format(name=name, points=formats.number(lots.waiting))
    return name


def _membership(found: Card) -> LiveMembership:
    return LiveMembership(
        merchant_id=found.merchant_id,
        merchant_name=found.merchant_name,
        name=found.name,
        points=formats.number(found.points or 0),
        points_name=found.points_name,
        terms=found.terms,
        terms_version=found.terms_version,
        is_member=found.member_id is not None,
        url=reverse("loyalty:programme", kwargs={"reference": found.merchant_reference}),
    )


def _note(earned: EarnedNote) -> ReceiptNote:
    said = [_nearly(earned.near_miss, earned.currency)] if earned.near_miss else []
    today = timezone.localdate(clock.now())
    if earned.counts_from:
        said.append(counts(PointsOn(earned.points, earned.counts_from), today=today))
    if earned.last_day:
        said.append(lasts(PointsOn(earned.points, earned.last_day), today=today))
    line = " · ".join(said)
    return ReceiptNote(
        title=f"+ {formats.number(earned.points)} {earned.points_name}",
        line=f"{line[:1].upper()}{line[1:]}",
        value=formats.number(earned.balance),
    )


def _paid_with(paid: SpentNote) -> ReceiptNote:
    back = _("{points} of them came back").format(points=formats.number(paid.given_back))
    return ReceiptNote(
        title=f"− {formats.number(paid.points)} {paid.points_name}",
        line=back if paid.given_back else _("They paid a part"),
        value="",
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
