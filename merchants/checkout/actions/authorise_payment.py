"""Pay online: the shopper confirms an amount, and all of the sale happens in one transaction.

A confirmation is looked at outside any transaction (a wrong PIN is counted whatever follows), and
a price is made outside too; so the payment is taken hold of first. That lease is exclusive: of 64
who confirm at once one goes on. The move that ends it carries the sale with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from loyalty.actions.settle import QuoteOutdated
from merchants.checkout.actions.close import MOST_TRIES, close
from merchants.checkout.actions.set_aside import set_aside, win
from merchants.checkout.call import Call
from merchants.checkout.events import PaymentCaptured
from merchants.checkout.facts import basket_from_json
from merchants.checkout.online import LEASE, PaymentPaidAlready, call_of, refuse, tell
from merchants.checkout.online_cards import CardPart, amount_of, parts_of_payment, tenders_of
from merchants.checkout.online_states import PaymentState, sources
from merchants.checkout.pricing import Priced, Shopper, price
from merchants.checkout.refusals import NothingToPayFrom
from merchants.models import CaptureMode, OnlinePayment
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import durable, transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.parties.integrity import refusing
from okplatform.trade.actions.close_sale import record_closed
from okplatform.trade.actions.open_sale import take_sale_id
from wallet import hooks
from wallet.actions.confirm_presence import PasskeyAnswer, confirm_presence
from wallet.consents import name_if_consented


class PriceChanged(Refusal):
    """What is due is not what the page showed; ``due`` is what it is now."""

    code = "price_changed"
    sentence = _("The amount has changed since you opened this page. Look again before you pay.")


class OtherMode(Refusal):
    """A test payment for a live person, or the other way round."""

    code = "other_mode"
    sentence = _("This payment is for tests only, or your account is. Nothing was taken.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """Who confirms, and how: the amount that the page showed, and the account that was chosen.

    ``amount_due`` is what is left for OK when the gift cards have paid. ``funding_ref`` is what to
    pay from, one of the person's own (``wallet.hooks``). By ``pin`` or ``passkey`` they show to be
    there.
    """

    person_id: int
    mode: str
    amount_due: int
    funding_ref: int | None
    pin: str | None = None
    passkey: PasskeyAnswer | None = None

    @property
    def actor(self) -> Actor:
        """Return the person as the one who acts."""
        return Actor(kind="person", id=str(self.person_id))


class Shown(NamedTuple):
    """A payment priced as its page shows it, with what gift cards pay of it."""

    call: Call
    priced: Priced
    cards: Sequence[CardPart]

    @property
    def by_ok(self) -> int:
        """Return what is left to pay with OK."""
        return self.priced.loyalty.quote.due - amount_of(self.cards)


def price_for(
    *, payment: OnlinePayment, person_id: int | None, actor: Actor, now: datetime
) -> tuple[Call, Priced]:
    """Return what a payment costs this shopper now, by the same rules as at the till."""
    call = call_of(payment, actor=actor, now=now)
    shopper = None
    if person_id is not None:
        shopper = Shopper(
            person_id=person_id,
            handle=None,
            funding_ref=None,
            name=name_if_consented(person_id=person_id, merchant_id=payment.merchant_id),
        )
    basket = basket_from_json(payment.basket)
    # A coupon that was used elsewhere meanwhile is left out: the page says what it costs without.
    return call, price(call=call, basket=basket, shopper=shopper, strict=False)


@durable
def authorise_payment(*, payment: OnlinePayment, payer: Payer, now: datetime) -> None:
    """Take a payment, or set it aside where the shop captures later; ``payment`` is then as stored.

    Raises ``OtherMode``, ``PriceChanged``, ``NothingToPayFrom``, ``PaymentBusy``,
    ``PaymentPaidAlready``, ``PaymentEnded``, and what ``confirm_presence``, ``capture`` and
    ``spend_gift_cards`` refuse.
    Whatever it raises, nothing was taken, and the page may be tried again.
    """
    if payer.mode != payment.mode:
        raise OtherMode
    _claim(payment, payer, now)
    try:
        _until_current(payment, payer, now)
    except BaseException:
        _give_back(payment, now)
        raise


def _claim(payment: OnlinePayment, payer: Payer, now: datetime) -> None:
    """Take hold of a payment that nobody holds, or whose holder has not come back."""
    with transaction():
        claim(payment, payer.person_id, now)


@transaction_required
def claim(payment: OnlinePayment, person_id: int, now: datetime) -> None:
    """Give a shopper the lease; raises why not. ``payment`` is then as stored."""
    free = Q(state__in=sources(PaymentState.AUTHORISING))
    left = Q(state=PaymentState.AUTHORISING, claimed_at__lt=now - LEASE)
    won = OnlinePayment.objects.filter(free | left, pk=payment.pk, expires_at__gt=now).update(
        state=PaymentState.AUTHORISING, person_id=person_id, claimed_at=now
    )
    payment.refresh_from_db()
    if not won:
        raise refuse(payment, now)


def _give_back(payment: OnlinePayment, claimed_at: datetime) -> None:
    with transaction():
        OnlinePayment.objects.filter(
            pk=payment.pk, state=PaymentState.AUTHORISING, claimed_at=claimed_at
        ).update(state=PaymentState.PRESENTED, person_id=None, claimed_at=None)


def _until_current(payment: OnlinePayment, payer: Payer, now: datetime) -> None:
    # Each remote payment is confirmed, however small: docs/adr/0018.
    shown = _as_shown(payment, payer, now)
    confirm_presence(
        person_id=payer.person_id, pin=payer.pin, passkey=payer.passkey, now=now, actor=payer.actor
    )
    tries = MOST_TRIES
    while True:
        tries -= 1
        try:
            with refusing({"link_is_paid_once": PaymentPaidAlready}), transaction():
                _take(payment, shown)
        except QuoteOutdated:
            if not tries:
                raise
            shown = _as_shown(payment, payer, now)
        else:
            return


def _as_shown(payment: OnlinePayment, payer: Payer, now: datetime) -> Shown:
    """Price anew; raises ``PriceChanged`` unless it is what the page showed."""
    shown = check_price(payment, payer, now)
    return shown._replace(priced=replace(shown.priced, shopper=_paying(shown, payer)))


def check_price(payment: OnlinePayment, payer: Payer, now: datetime) -> Shown:
    """Price a payment anew; raises ``OtherMode`` or, unless it costs as shown, ``PriceChanged``."""
    if payer.mode != payment.mode:
        raise OtherMode
    call, priced = price_for(payment=payment, person_id=payer.person_id, actor=payer.actor, now=now)
    cards = parts_of_payment(payment, priced, person_id=payer.person_id, now=now)
    shown = Shown(call, priced, cards)
    if shown.by_ok != payer.amount_due:
        raise PriceChanged(due=shown.by_ok)
    return shown


def _paying(shown: Shown, payer: Payer) -> Shopper:
    """Return the shopper with the account that was chosen; raises ``NothingToPayFrom``."""
    priced = shown.priced
    own = {funding.ref for funding in hooks.funding_of(payer.person_id, payer.mode)}
    if shown.by_ok and payer.funding_ref not in own:
        raise NothingToPayFrom
    name = priced.shopper.name if priced.shopper else None
    return Shopper(person_id=payer.person_id, handle=None, funding_ref=payer.funding_ref, name=name)


@transaction_required
def _take(payment: OnlinePayment, shown: Shown) -> None:
    call, priced, cards = shown
    due = priced.loyalty.quote.due
    # Nothing to pay is nothing to set aside: the sale closes at once.
    if payment.capture_mode == CaptureMode.MANUAL and due:
        set_aside(call=call, payment=payment, priced=priced, cards=cards)
        return
    sale_id = take_sale_id()
    sold = {"sale_id": sale_id, "amount": due, "captured": due, "ended_at": call.now}
    win(payment, PaymentState.CAPTURED, call.now, sold | {"by_cards": amount_of(cards)})
    close(
        call=call,
        sale_id=sale_id,
        priced=priced,
        tenders=tenders_of(cards, shown.by_ok),
        write=record_closed,
        confirmed=True,
    )
    tell(
        PaymentCaptured,
        payment,
        action="online_payment_captured",
        now=call.now,
        actor=call.till.actor,
        data={"amount": due},
    )
