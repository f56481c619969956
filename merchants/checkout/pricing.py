"""Price a basket: where it is bought, who scanned, and what it costs this member now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from loyalty import programs
from loyalty.connector import Heard
from loyalty.coupons import CouponRefused
from loyalty.engine import Basket as AskedBasket
from loyalty.engine import BasketLine
from loyalty.queries import NOTHING_ASKED, Asks, Snapshot, snapshot_of
from merchants.checkout.asking import ask_other
from merchants.checkout.basket import PIECE, Basket
from merchants.checkout.call import Call
from merchants.checkout.facts import Draft, SaleFacts, Waiting
from merchants.checkout.lines import check_not_below_zero, lines_priced, tip_line
from merchants.checkout.queries import find_draft
from okplatform.kernel import db
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Channel
from okplatform.parties.queries import find_store
from okplatform.parties.tills import SignInOutdatedError, StoreAtTill
from okplatform.trade.facts import Closing, LineFacts, TenderFacts
from okplatform.trade.queries import categories_of
from wallet.actions import count_guess, scan_code
from wallet.consents import name_if_consented
from wallet.models import GuessWindow

LOOK = "SELECT * FROM checkout_look(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
# For whoever it was that scanned. A merchant without coupons is not asked about them.
LOOK_AND_OWN = """
SELECT look.*, loyalty_own(%s, coalesce(look.person_id, %s), %s, %s, %s, %s)
    || loyalty_got(%s, coalesce(look.person_id, %s), %s, %s::bigint[])
    || loyalty_assigned(%s, coalesce(look.person_id, %s), %s, %s::bigint[])
    || loyalty_wanted(%s, coalesce(look.person_id, %s), %s, %s)
    || loyalty_standing(%s, coalesce(look.person_id, %s), %s, %s)
FROM checkout_look(%s, %s, %s, %s, %s, %s, %s, %s, %s) AS look
"""
LOOK_AND_SHARED = LOOK_AND_OWN.replace(
    "FROM", "|| loyalty_shared(%s, coalesce(look.person_id, %s), %s) FROM"
)
"""The same at a merchant that shares points: what those of other shops come to."""
HANDLE_COLUMNS = 11
"""Of ``wallet_find_code``, between the sale's id and the columns of ``loyalty_snapshot``."""


class WrongCurrency(Refusal):
    """The till counts in another currency than its store."""

    code = "wrong_currency"
    status = 422
    sentence = _("This store sells in {expected}. Set the till to {expected}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """Who pays; ``name`` only by consent, ``funding_ref`` what the code pays from.

    ``handle`` is None for who has signed in on the payment page: no code was scanned.
    """

    person_id: int
    handle: int | None
    funding_ref: int | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A basket with its price and all that went into it.

    ``lines`` are those of the basket and, once it is to be paid, the tip. ``checked_by`` is who has
    looked how old the customer is.
    """

    basket: Basket
    store: StoreAtTill
    shopper: Shopper | None
    loyalty: programs.Priced
    lines: Sequence[LineFacts]
    checked_by: str = ""

    @property
    def gross(self) -> int:
        """Return what all lines cost before discounts."""
        return sum(line.gross for line in self.lines)

    @property
    def discount(self) -> int:
        """Return what came off."""
        return sum(line.discount for line in self.lines)

    @property
    def due(self) -> int:
        """Return what is to be paid: goods by their price, deposits and a tip as they are."""
        return sum(line.paid for line in self.lines)

    @property
    def place(self) -> str:
        """Return where this is, as "who looked" will say it."""
        names = (self.store.store_reference, self.store.terminal_reference)
        return " · ".join(name for name in names if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that a basket is priced by, as of one moment.

    ``sale_id`` is taken for the sale should it be written in one go.
    """

    sale_id: int
    shopper: Shopper | None
    snapshot: Snapshot


def look(*, call: Call, basket: Basket, shown_at: datetime | None = None) -> Look:
    """Ask, in one statement, who scanned and what the merchant's rules stand beside.

    Who scanned for an earlier revision is remembered. ``shown_at`` is when the code was shown, if
    not now. Raises the code's refusals, and ``SignInOutdatedError`` when the till was signed in
    from memory and that no longer stands.
    """
    scanned = _read(call, basket, shown_at) if basket.code else None
    remembered = _remembered(call) if basket.revision > 1 and scanned is None else None
    merchant_id, mode = call.key.merchant_id, call.key.mode
    asks = programs.asks_of(merchant_id, _coupons(call, basket))
    asked = scan_code.NOTHING_SCANNED if scanned is None else scanned.question
    person_id = remembered.person_id if remembered else None
    key = call.till.remembered
    proof = [key.prefix, key.stamp] if key else [None, None]
    question = [*proof, *asked, person_id, merchant_id, mode, list(asks.limited)]
    if asks.wants_own:
        about = asks.about(merchant_id, person_id, mode)
        statement = LOOK_AND_SHARED if asks.shares else LOOK_AND_OWN
        rows = db.call(statement, [*about, *question])
    else:
        rows = db.call(LOOK, question)
    key_stands, sale_id, *found = rows[0]
    if not key_stands:
        raise SignInOutdatedError
    handle, rules = found[:HANDLE_COLUMNS], found[HANDLE_COLUMNS:]
    shopper = remembered if scanned is None else _shopper(call, scanned, handle)
    return Look(sale_id=sale_id, shopper=shopper, snapshot=snapshot_of(rules, asks))


def _coupons(call: Call, basket: Basket) -> Asks:
    """Return what to ask about the coupons that the till sent."""
    if not basket.coupons:
        return NOTHING_ASKED
    return Asks(
        codes=basket.coupons,
        guesser=tuple(_guesses(call, basket)),
        since=call.now - GuessWindow.LENGTH,
    )


def _guesses(call: Call, basket: Basket) -> Mapping[str, int]:
    """Return where wrong coupons are counted, apart from wrong OK codes, and how many may be.

    A webshop has no till: everybody's wrong coupons count together, and one shopper closes nothing.
    """
    key, place = f"{call.till.key_id}:coupons", call.till.place
    terminal = basket.terminal or call.till.terminal_reference
    if terminal is None or (place is not None and place.channel == Channel.ONLINE):
        return {key: count_guess.ALLOWED_PER_KEY}
    return count_guess.buckets(f"{key}/{terminal}")


def check_coupons(*, call: Call, basket: Basket) -> None:
    """Raise ``CouponRefused`` for a coupon of a basket that cannot count now; changes nothing."""
    if basket.coupons:
        price(
            call=call, basket=basket, shopper=None, snapshot=look(call=call, basket=basket).snapshot
        )


def _read(call: Call, basket: Basket, shown_at: datetime | None) -> scan_code.Scanned:
    till_key = f"{call.till.key_id}/{basket.terminal or call.till.terminal_reference}"
    return scan_code.read(code=basket.code, till_key=till_key, now=call.now, shown_at=shown_at)


def _shopper(call: Call, scanned: scan_code.Scanned, found: Sequence[Any]) -> Shopper:
    seen = scan_code.recognise(scanned, found, sale_ref=call.sale_ref, mode=call.key.mode)
    return Shopper(
        person_id=seen.person_id, handle=seen.handle, funding_ref=seen.funding_ref, name=seen.name
    )


def _remembered(call: Call) -> Shopper | None:
    found = find_draft(call.key)
    return remembered_shopper(found.person_id, found.draft, call) if found else None


def remembered_shopper(person_id: int | None, draft: Draft, call: Call) -> Shopper | None:
    """Return the shopper a draft remembers; the name is asked for anew, through consent."""
    if person_id is None or draft.handle is None:
        return None
    return Shopper(
        person_id=person_id,
        handle=draft.handle,
        funding_ref=draft.funding_ref,
        name=name_if_consented(person_id=person_id, merchant_id=call.key.merchant_id),
    )


def price(
    *,
    call: Call,
    basket: Basket,
    shopper: Shopper | None,
    snapshot: Snapshot | None = None,
    strict: bool = True,
    heard: Heard | None = None,
    may_ask: bool = False,
    full_price: bool = False,
) -> Priced:
    """Price a basket by a snapshot taken a moment ago, else by one of its own; changes nothing.

    Raises ``StoreUnknown``, ``TerminalUnknown``, ``WrongCurrency``, ``SaleBelowZero`` and
    ``CouponRefused``. A coupon
    that may have been guessed is counted, where a till has just sent it; raises ``CodeThrottled``
    when those were too many. Without ``strict`` a coupon that cannot count is left out.
    ``heard`` is what the merchant's own loyalty system said of this basket; else it is asked where
    that ``may`` be: at the scan, outside any transaction. At ``full_price`` nothing comes off.
    """
    store = find_store(call.till, basket.store, basket.terminal)
    if basket.currency != store.currency:
        raise WrongCurrency(expected=store.currency)
    own = snapshot.own if snapshot else None
    if own is not None and own.throttled_since is not None:
        raise count_guess.throttled(since=own.throttled_since, now=call.now)
    try:
        loyalty = programs.price(
            merchant_id=call.key.merchant_id,
            person_id=shopper.person_id if shopper else None,
            mode=call.key.mode,
            basket=_asked(call, basket, store),
            now=call.now,
            seen=snapshot,
            asks=_coupons(call, basket),
            strict=strict,
            heard=heard,
            ask_other=partial(ask_other, call, basket, store, shopper.person_id)
            if may_ask and shopper is not None
            else None,
            full_price=full_price,
        )
    except CouponRefused as refusal:
        if refusal.is_guess and snapshot is not None:
            count_guess.count_in(_guesses(call, basket), now=call.now)
        raise
    return _priced(basket, store, shopper, loyalty)


def _priced(
    basket: Basket, store: StoreAtTill, shopper: Shopper | None, loyalty: programs.Priced
) -> Priced:
    codes = {used.offer_id: loyalty.hand[used.offer_id].code for used in loyalty.coupons}
    lines = lines_priced(basket, loyalty.quote, codes)
    check_not_below_zero(lines)
    return Priced(basket=basket, store=store, shopper=shopper, loyalty=loyalty, lines=lines)


def _asked(call: Call, basket: Basket, store: StoreAtTill) -> AskedBasket:
    """Return the basket as the engine wants it, the catalogue filling in missing categories."""
    goods = basket.goods
    unsorted = {line.sku for line in goods if line.sku and not line.category}
    known = categories_of(merchant_id=call.key.merchant_id, skus=unsorted) if unsorted else {}
    return AskedBasket(
        lines=tuple(
            BasketLine(
                number=line.number,
                sku=line.sku,
                category=line.category or known.get(line.sku, ""),
                quantity=line.quantity if line.unit == PIECE else 1,
                gross=line.gross,
                measure=0 if line.unit == PIECE else line.quantity,
            )
            for line in goods
        ),
        zone=ZoneInfo(store.timezone),
        wish=basket.points,
        reward=basket.reward,
        online=store.channel == Channel.ONLINE,
    )


def with_tip(priced: Priced, tip: int) -> Priced:
    """Return a price with a tip as its last line."""
    if not tip:
        return priced
    line = tip_line(number=len(priced.lines) + 1, tip=tip, language=priced.basket.language)
    return replace(priced, lines=[*priced.lines, line])


def closing_of(priced: Priced, tenders: Sequence[TenderFacts]) -> Closing:
    """Return what becomes true when this price is paid with these tenders."""
    basket = priced.basket
    return Closing(
        store_id=priced.store.store_id,
        channel=priced.store.channel,
        terminal_id=priced.store.terminal_id,
        person_id=priced.shopper.person_id if priced.shopper else None,
        revision=basket.revision,
        currency=basket.currency,
        points_earned=priced.loyalty.quote.points,
        basket_hash=basket.fingerprint,
        operator=basket.operator,
        language=basket.language,
        reference=basket.reference,
        lines=priced.lines,
        tenders=tenders,
    )


def draft_of(priced: Priced, waiting: Waiting | None = None) -> Draft:
    """Return what to keep of a price until it is paid."""
    return Draft(
        basket=priced.basket,
        lines=priced.lines,
        near_misses=near_misses_of(priced),
        handle=priced.shopper.handle if priced.shopper else None,
        funding_ref=priced.shopper.funding_ref if priced.shopper else None,
        waiting=waiting,
        heard=priced.loyalty.heard.as_json() if priced.loyalty.heard else None,
    )


def near_misses_of(priced: Priced) -> list[dict[str, object]]:
    """Return what a little more would have brought, as JSON."""
    return [miss.as_json() for miss in priced.loyalty.quote.near_misses]


def facts_of(call: Call, priced: Priced) -> SaleFacts:
    """Return a sale that was just priced, open still."""
    quote, basket = priced.loyalty.quote, priced.basket
    return SaleFacts(
        uuid=call.key.uuid,
        revision=basket.revision,
        mode=call.key.mode,
        state="open",
        store=priced.store.store_reference,
        terminal=priced.store.terminal_reference,
        language=basket.language,
        reference=basket.reference,
        currency=basket.currency,
        gross=priced.gross,
        discount=priced.discount,
        due=priced.due,
        points_earned=quote.points,
        person_id=priced.shopper.person_id if priced.shopper else None,
        fingerprint=basket.fingerprint,
        lines=priced.lines,
        near_misses=near_misses_of(priced),
        coupons=basket.coupons,
        spendable=quote.spendable,
        rewards=quote.rewards,
        heard=priced.loyalty.heard,
    )
