"""Choose gift cards that pay a part of an online payment, or think better of it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from merchants.checkout.actions.authorise_payment import OtherMode
from merchants.checkout.actions.pay_at_bank import AtBankAlready
from merchants.checkout.online import refuse, standing
from merchants.checkout.online_cards import MOST_CARDS
from merchants.checkout.online_states import PaymentState
from merchants.models import OnlinePayment
from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Person
from payments.actions.keep_gift_card import GiftCardMalformed
from payments.actions.show_gift_card import show_gift_card
from payments.gift_card_numbers import read
from payments.gift_card_queries import KeptCard, kept_by
from payments.gift_cards import (
    FoundCard,
    GiftCardBlocked,
    GiftCardExpired,
    GiftCardTooLow,
    GiftCardUnknown,
)
from payments.queries import open_purchase_at_bank
from wallet.actions.count_guess import ALLOWED_PER_TILL


class TooManyCards(Refusal):
    """So many gift cards pay one payment."""

    code = "too_many_cards_on_payment"
    sentence = _("No more gift cards fit on one payment. Nothing was changed.")


def choose_kept_card(
    *, payment: OnlinePayment, person: Person, card_id: int, now: datetime, actor: Actor
) -> None:
    """Let a card that this person keeps pay what it can; ``payment`` is then as stored.

    Nothing is taken before the payment is confirmed. Raises ``GiftCardUnknown`` for a card that
    the person does not keep, ``GiftCardBlocked``, ``GiftCardExpired``, ``GiftCardTooLow`` where
    nothing is on it, ``TooManyCards``, ``OtherMode``, ``AtBankAlready``, ``PaymentBusy``,
    ``PaymentPaidAlready`` or ``PaymentEnded``.
    """
    found = kept_by(person_id=person.pk, mode=payment.mode, card_id=card_id)
    if not found:
        raise GiftCardUnknown
    _choose(payment, person, found[0], now, actor)


def choose_shown_card(
    *,
    payment: OnlinePayment,
    person: Person,
    number: str,
    pin: str,
    now: datetime,
    actor: Actor,
) -> None:
    """Let a card of this merchant pay by its number and PIN, wrong ones counted for the person.

    Raises ``GiftCardMalformed``, ``CodeThrottled``, and what ``choose_kept_card`` does.
    """
    shown = read(number, pin)
    if shown is None or not shown.pin:
        raise GiftCardMalformed
    found = show_gift_card(
        shown=shown,
        merchant_id=payment.merchant_id,
        mode=payment.mode,
        guesses={f"person:{person.pk}:gift-cards": ALLOWED_PER_TILL},
        now=now,
    )
    _choose(payment, person, found, now, actor)


def drop_card(
    *, payment: OnlinePayment, person: Person, card_id: int, now: datetime, actor: Actor
) -> None:
    """Let a card pay nothing of it after all; doing it again is fine. Raises as choosing does."""
    with transaction():
        held = _held(payment, person, now)
        if held.chooser_id == person.pk and card_id in held.cards:
            _keep(payment, person, [one for one in held.cards if one != card_id])
            _tell(payment, "gift_card_dropped", card_id, actor)


def _choose(
    payment: OnlinePayment,
    person: Person,
    card: FoundCard | KeptCard,
    now: datetime,
    actor: Actor,
) -> None:
    _check(card, now.astimezone(ZoneInfo(payment.store.timezone)).date())
    with transaction():
        held = _held(payment, person, now)
        cards = held.cards if held.chooser_id == person.pk else []
        if card.id in cards:
            return
        if len(cards) >= MOST_CARDS:
            raise TooManyCards
        _keep(payment, person, [*cards, card.id])
        _tell(payment, "gift_card_chosen", card.id, actor)


def _check(card: FoundCard | KeptCard, today: date) -> None:
    """Raise why a card cannot pay now."""
    if card.state != "active":
        raise GiftCardBlocked
    if card.expires_on is not None and card.expires_on < today:
        raise GiftCardExpired
    if not card.balance:
        raise GiftCardTooLow(balance=0)


@transaction_required
def _held(payment: OnlinePayment, person: Person, now: datetime) -> OnlinePayment:
    """Hold a payment that is open to choices; raises why it is not."""
    if person.mode != payment.mode:
        raise OtherMode
    held = OnlinePayment.objects.select_for_update(no_key=True, of=("self",)).get(pk=payment.pk)
    if standing(held, now) is not PaymentState.PRESENTED:
        raise refuse(held, now)
    begun = open_purchase_at_bank(payment.pk)
    if begun is not None and begun.bank_account.person_id == person.pk:
        raise AtBankAlready
    return held


@transaction_required
def _keep(payment: OnlinePayment, person: Person, cards: list[int]) -> None:
    OnlinePayment.objects.filter(pk=payment.pk).update(
        cards=cards, chooser_id=person.pk if cards else None
    )
    payment.refresh_from_db(fields=("cards", "chooser"))


@transaction_required
def _tell(payment: OnlinePayment, action: str, card_id: int, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action=action,
        object_type="online_payment",
        object_id=payment.pk,
        merchant_id=payment.merchant_id,
        mode=payment.mode,
        data={"gift_card": card_id},
    )
