"""Put money on a gift card: a new one that is sold, or one that is topped up."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, later, transaction, transaction_required
from okplatform.kernel.errors import Refusal
from payments import gift_card_numbers as numbers
from payments import gift_cards
from payments.chart import EUR
from payments.gift_cards import BOOK, GIFT_CARD_REFUSALS, GiftCardCurrency, last_day
from payments.models import GiftCard, GiftCardBooking, GiftCardTerms, LoadTill, StoppedLoad
from payments.models.gift_card import LEAST, LOADS, MOST, BookingKind, GiftCardState

HOLD_NUMBER = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


class GiftCardsNotSold(Refusal):
    """The merchant does not sell gift cards, or not any more."""

    code = "gift_cards_not_sold"
    sentence = _("This shop does not sell gift cards. Switch them on in the console first.")


class GiftCardAmount(Refusal):
    """Too little or too much for one time."""

    code = "gift_card_amount"
    status = 422
    sentence = _("Put at least € 1 and at most € 500 on a gift card.")


class GiftCardLoadDiffers(Refusal):
    """Something else was sent under this UUID before."""

    code = "gift_card_load_differs"
    sentence = _("Another amount or card was sent under this number before. Use a new number.")


class GiftCardLoadTakenBack(Refusal):
    """It was taken back; a late original never loads the card again."""

    code = "gift_card_load_taken_back"
    sentence = _("This was taken back. Nothing is on the card from it; start anew.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a till asks: ``card_id`` is the one to top up, None sells a new one."""

    uuid: UUID
    card_id: int | None
    amount: int
    currency: str
    store_id: int
    terminal_id: int | None
    timezone: str
    paid_by: str
    operator: str
    reference: str
    request_hash: bytes


def load_gift_card(
    *, merchant_id: int, mode: str, load: Load, now: datetime, actor: Actor
) -> GiftCardBooking:
    """Sell a card, or top one up, and return what was booked; sent again, the first one's.

    The merchant has been paid for it outside OK. Needs its scope. Raises ``GiftCardsNotSold``,
    ``GiftCardAmount``, ``GiftCardCurrency``, ``GiftCardUnknown``, ``GiftCardBlocked``,
    ``GiftCardExpired``, ``GiftCardTooFull``, ``GiftCardLoadDiffers`` or ``GiftCardLoadTakenBack``.
    """
    with transaction():
        hold_number(merchant_id, mode, load.uuid)
        return loaded(mode=mode, load=load) or _load(merchant_id, mode, load, now, actor)


def loaded(*, mode: str, load: Load) -> GiftCardBooking | None:
    """Return what was booked under this UUID; raises ``GiftCardLoadDiffers`` for something else."""
    found = GiftCardBooking.objects.filter(mode=mode, uuid=load.uuid).select_related("card")
    booked = {booking.kind: booking for booking in found}
    if BookingKind.TAKEN_BACK in booked or _is_stopped(mode, load.uuid):
        raise GiftCardLoadTakenBack
    for kind in LOADS:
        if kind in booked:
            if bytes(booked[kind].request_hash or b"") != load.request_hash:
                raise GiftCardLoadDiffers
            return booked[kind]
    return None


@transaction_required
def hold_number(merchant_id: int, mode: str, uuid: UUID) -> None:
    """Let nobody else act on this load's number meanwhile: no row may stand for it yet."""
    call(HOLD_NUMBER, [f"gift card load {merchant_id}:{mode}:{uuid}"])


def _is_stopped(mode: str, uuid: UUID) -> bool:
    return bool(StoppedLoad.objects.filter(mode=mode, uuid=uuid).exists())


@transaction_required
def _load(merchant_id: int, mode: str, load: Load, now: datetime, actor: Actor) -> GiftCardBooking:
    terms = GiftCardTerms.objects.filter(merchant=merchant_id, is_selling=True).first()
    if terms is None:
        raise GiftCardsNotSold
    if not LEAST <= load.amount <= MOST:
        raise GiftCardAmount
    if load.currency != EUR:
        raise GiftCardCurrency
    kind = BookingKind.SOLD if load.card_id is None else BookingKind.TOPPED_UP
    expires_on = last_day(terms.valid_months, now, load.timezone)
    card_id = load.card_id
    if card_id is None:
        card_id = issue(merchant_id=merchant_id, mode=mode, expires_on=expires_on, now=now).pk
    _on_it: int = later(
        BOOK,
        [
            *(card_id, merchant_id, mode, kind.value, load.amount, now, load.store_id),
            *(load.uuid, load.request_hash, load.paid_by, load.operator, load.reference),
            expires_on,
        ],
        refusals=GIFT_CARD_REFUSALS,
    ).value
    audit.record(
        actor=actor,
        action=f"gift_card_{kind}",
        object_type="gift_card",
        object_id=card_id,
        merchant_id=merchant_id,
        mode=mode,
        data={"amount": load.amount, "paid_by": load.paid_by},
    )
    booked = GiftCardBooking.objects.select_related("card").get(
        mode=mode, uuid=load.uuid, kind=kind
    )
    if load.terminal_id is not None:
        LoadTill.objects.create(booking=booked, terminal_id=load.terminal_id)
    return booked


@transaction_required
def issue(*, merchant_id: int, mode: str, expires_on: date | None, now: datetime) -> GiftCard:
    """Write a card with nothing on it."""
    seed = uuid4()
    number = gift_cards.number_of(seed)
    return GiftCard.objects.create(
        merchant_id=merchant_id,
        mode=mode,
        seed=seed,
        number_digest=numbers.digest(number, gift_cards.key()),
        number_end=number[-4:],
        currency=EUR,
        state=GiftCardState.ACTIVE,
        expires_on=expires_on,
        issued_at=now,
    )
