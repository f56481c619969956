"""Price a basket: where it is bought, who scanned, and what it costs this member now."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from loyalty import programs
from loyalty.engine import Basket as AskedBasket
from loyalty.engine import BasketLine, QuoteLine
from merchants.checkout.basket import PIECE, Basket, Line
from merchants.checkout.call import Call
from merchants.checkout.facts import Draft, SaleFacts
from merchants.checkout.queries import find_draft
from okplatform.kernel.errors import Refusal
from okplatform.kernel.money import vat_included
from okplatform.parties.queries import find_store
from okplatform.parties.tills import StoreAtTill
from okplatform.trade.facts import Closing, LineFacts, TenderFacts
from okplatform.trade.queries import categories_of
from wallet.actions.scan_code import scan
from wallet.queries import name_if_consented


class WrongCurrency(Refusal):
    """The till counts in another currency than its store."""

    code = "wrong_currency"
    status = 422
    sentence = _("This store sells in {expected}. Set the till to {expected}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """Who scanned; ``name`` only by consent, ``funding_ref`` what the code pays from."""

    person_id: int
    handle: int
    funding_ref: int | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """A basket with its price and all that went into it."""

    basket: Basket
    store: StoreAtTill
    shopper: Shopper | None
    loyalty: programs.Priced
    lines: Sequence[LineFacts]

    @property
    def place(self) -> str:
        """Return where this is, as "who looked" will say it."""
        names = (self.store.store_reference, self.store.terminal_reference)
        return " · ".join(name for name in names if name)


def shopper_of(*, call: Call, basket: Basket) -> Shopper | None:
    """Return who scanned, now or for an earlier revision; raises the code's refusals."""
    if basket.code:
        return _identify(call, basket)
    return _remembered(call) if basket.revision > 1 else None


def _identify(call: Call, basket: Basket) -> Shopper:
    found = scan(
        code=basket.code,
        till_key=f"{call.till.key_id}/{basket.terminal or call.till.terminal_reference}",
        sale_ref=call.sale_ref,
        merchant_id=call.key.merchant_id,
        mode=call.key.mode,
        now=call.now,
    )
    return Shopper(
        person_id=found.person_id,
        handle=found.handle,
        funding_ref=found.funding_ref,
        name=found.name,
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


def price(*, call: Call, basket: Basket, shopper: Shopper | None) -> Priced:
    """Price a basket; changes nothing.

    Raises ``StoreUnknown``, ``TerminalUnknown`` and ``WrongCurrency``.
    """
    store = find_store(call.till, basket.store, basket.terminal)
    if basket.currency != store.currency:
        raise WrongCurrency(expected=store.currency)
    loyalty = programs.price(
        merchant_id=call.key.merchant_id,
        person_id=shopper.person_id if shopper else None,
        mode=call.key.mode,
        basket=_asked(call, basket, store),
        now=call.now,
    )
    lines = [
        _line(line, priced) for line, priced in zip(basket.lines, loyalty.quote.lines, strict=True)
    ]
    return Priced(basket=basket, store=store, shopper=shopper, loyalty=loyalty, lines=lines)


def _asked(call: Call, basket: Basket, store: StoreAtTill) -> AskedBasket:
    """Return the basket as the engine wants it, the catalogue filling in missing categories."""
    unsorted = {line.sku for line in basket.lines if line.sku and not line.category}
    known = categories_of(merchant_id=call.key.merchant_id, skus=unsorted) if unsorted else {}
    return AskedBasket(
        lines=tuple(
            BasketLine(
                number=line.number,
                sku=line.sku,
                category=line.category or known.get(line.sku, ""),
                quantity=line.quantity if line.unit == PIECE else 1,
                gross=line.gross,
            )
            for line in basket.lines
        ),
        zone=ZoneInfo(store.timezone),
    )


def _line(line: Line, priced: QuoteLine) -> LineFacts:
    return LineFacts(
        number=line.number,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        gross=priced.gross,
        discount=priced.discount,
        paid=priced.paid,
        vat_rate_bp=line.vat_rate_bp,
        vat=vat_included(priced.paid, line.vat_rate_bp),
        points=priced.points,
        reasons=priced.reasons(),
        category_reference=line.category,
    )


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


def draft_of(priced: Priced) -> Draft:
    """Return what to keep of a price until it is paid."""
    return Draft(
        basket=priced.basket,
        lines=priced.lines,
        near_misses=near_misses_of(priced),
        handle=priced.shopper.handle if priced.shopper else None,
        funding_ref=priced.shopper.funding_ref if priced.shopper else None,
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
        gross=quote.gross,
        discount=quote.discount,
        due=quote.due,
        points_earned=quote.points,
        person_id=priced.shopper.person_id if priced.shopper else None,
        fingerprint=basket.fingerprint,
        lines=priced.lines,
        near_misses=near_misses_of(priced),
    )
