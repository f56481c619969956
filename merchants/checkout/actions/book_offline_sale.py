"""Book a sale that a till made without a network: paid by its shopper, or its merchant's loss.

The goods have left, so a sale that its till signed is never turned away for what its shopper or
the allowance says: it stands, and the only question is who bears it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import IntegrityError

from loyalty.actions.settle import QuoteOutdated
from merchants.checkout.actions.close import MOST_TRIES, OK, close
from merchants.checkout.actions.held import check_open, stop_waiting
from merchants.checkout.basket import Basket
from merchants.checkout.call import Call
from merchants.checkout.offline import AHEAD, LATEST, Record, is_signed
from merchants.checkout.offline_log import allowance_at, keys_of, paid_of_spell
from merchants.checkout.offline_refusals import (
    OfflineAmountDiffers,
    OfflineKeyUnknown,
    OfflineSaleDiffers,
    OfflineSignatureWrong,
    OfflineTimes,
)
from merchants.checkout.pricing import Priced, Shopper, look, price
from merchants.checkout.refusals import CheckerUnknown, NothingToPayFrom, SaleUnknown
from merchants.models import BookedAs, OfflineKey, OfflineSale
from okplatform.kernel import db
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.parties.tills import StoreAtTill
from okplatform.trade.actions.close_sale import close_sale, record_closed
from okplatform.trade.actions.open_sale import lock
from okplatform.trade.actions.refusals import SaleExists
from okplatform.trade.facts import TenderFacts
from payments.actions.book_offline_loss import book_offline_loss
from payments.actions.capture import (
    BankAccountNotReady,
    BankAccountRemoved,
    ConfirmationNeededError,
    DailyLimitReached,
    MonthlyLimitReached,
    TooManyPayments,
)
from wallet.actions.scan_code import (
    CodeBlocked,
    CodeMalformed,
    CodeStale,
    CodeUnknown,
    CodeUsed,
    CodeWrongMode,
)

LOSS_TENDER, LOSS_REFERENCE = "other", "offline-loss"
OLDEST = timedelta(days=366)
HOLD = "SELECT id FROM parties_terminal WHERE id = %s FOR NO KEY UPDATE"

UNPAYABLE: tuple[type[Refusal], ...] = (
    BankAccountNotReady,
    BankAccountRemoved,
    CodeBlocked,
    CodeMalformed,
    CodeStale,
    CodeUnknown,
    CodeUsed,
    CodeWrongMode,
    DailyLimitReached,
    MonthlyLimitReached,
    NothingToPayFrom,
    TooManyPayments,
)
"""What a till online is refused for, and what a loss is one for: the reason is its code."""

NO_ALLOWANCE, TOO_MUCH, TOO_MUCH_IN_ALL = "no_allowance", "over_sale_limit", "over_allowance"
DARK_TOO_LONG, TOO_LATE, KEY_RETIRED = "dark_too_long", "sent_too_late", "key_retired"
SEQUENCE_USED, CONFIRMATION_NEEDED = "sequence_used", "confirmation_needed"
REASONS = (
    NO_ALLOWANCE,
    TOO_MUCH,
    TOO_MUCH_IN_ALL,
    DARK_TOO_LONG,
    TOO_LATE,
    KEY_RETIRED,
    SEQUENCE_USED,
    CONFIRMATION_NEEDED,
    *(refusal.code for refusal in UNPAYABLE),
)
"""Why a sale may be a loss, all of it."""


class _LossError(Exception):
    """Nobody pays it; nothing was booked yet."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a till sends: the basket, the record it signed of it, and with which key.

    ``fingerprint`` is of the whole body: another one under the same UUID is refused.
    """

    basket: Basket
    record: Record
    signature: str
    public_key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A sale to book, with all that was looked at before."""

    call: Call
    sent: Sent
    key: OfflineKey
    place: StoreAtTill
    sale_id: int


def book_offline_sale(*, call: Call, place: StoreAtTill, sent: Sent) -> OfflineSale:
    """Book what a till sold without a network, once; sent again it is what it was.

    Needs the merchant's scope. Raises ``OfflineKeyUnknown``, ``OfflineSignatureWrong``,
    ``OfflineTimes``, ``OfflineAmountDiffers`` or ``OfflineSaleDiffers``; ``CheckerUnknown`` for
    goods from some age of which nobody says to have looked; ``SaleClosed`` or ``SaleCancelled``
    where the sale had ended online before; and what ``price`` refuses.
    """
    key = _key_of(call, place, sent)
    if (stored := _stored(call, sent)) is not None:
        return stored
    _check(call, sent)
    case = _Case(call=call, sent=sent, key=key, place=place, sale_id=_seen(call, sent)[0])
    try:
        return _booked(case)
    except IntegrityError:
        # Another terminal, or another key of this one, has just booked the same UUID.
        if (stored := _stored(call, sent)) is not None:
            return stored
        raise


def _key_of(call: Call, place: StoreAtTill, sent: Sent) -> OfflineKey:
    """Return the key that signed; raises ``OfflineKeyUnknown`` or ``OfflineSignatureWrong``."""
    known = keys_of(terminal_id=place.terminal_id or 0, mode=call.key.mode)
    key = known.filter(public_key=sent.public_key).first()
    if key is None:
        raise OfflineKeyUnknown
    if not is_signed(sent.record, signature=sent.signature, public_key=key.public_key):
        raise OfflineSignatureWrong
    return key


def _check(call: Call, sent: Sent) -> None:
    record = sent.record
    if sent.basket.gross != record.amount:
        raise OfflineAmountDiffers
    if sent.basket.minimum_age and not sent.basket.operator:
        raise CheckerUnknown
    sold_at, dark_since = record.sold_at, record.dark_since
    if not call.now - OLDEST < dark_since <= sold_at <= call.now + AHEAD:
        raise OfflineTimes


def _stored(call: Call, sent: Sent) -> OfflineSale | None:
    """Return what was booked under this UUID; raises ``OfflineSaleDiffers`` for another sale."""
    known = OfflineSale.objects.filter(mode=call.key.mode, uuid=call.key.uuid)
    stored = known.select_related("sale").first()
    if stored is not None and bytes(stored.fingerprint) != sent.fingerprint:
        raise OfflineSaleDiffers
    return stored


def _booked(case: _Case) -> OfflineSale:
    try:
        _check_promise(case)
        return _until_current(case, _shopper(case), "")
    except _LossError as loss:
        return _until_current(case, None, loss.reason)
    except ConfirmationNeededError:
        return _until_current(case, None, CONFIRMATION_NEEDED)
    except UNPAYABLE as refusal:
        return _until_current(case, None, refusal.code)


def _check_promise(case: _Case) -> None:
    """Raise where the till was not promised that this would be paid."""
    record, now = case.sent.record, case.call.now
    allowed = allowance_at(
        terminal_id=case.key.terminal_id, mode=case.key.mode, at=record.dark_since
    )
    if allowed is None or not allowed.most_per_sale:
        raise _LossError(NO_ALLOWANCE)
    if record.amount > allowed.most_per_sale:
        raise _LossError(TOO_MUCH)
    if record.sold_at > record.dark_since + timedelta(hours=allowed.hours):
        raise _LossError(DARK_TOO_LONG)
    if case.key.retired_at is not None and record.sold_at > case.key.retired_at:
        raise _LossError(KEY_RETIRED)
    if now > record.sold_at + LATEST:
        raise _LossError(TOO_LATE)


def _seen(call: Call, sent: Sent, *, at: datetime | None = None) -> tuple[int, Shopper | None]:
    """Return an id for the sale and, where ``at`` says when it was shown, whose code it is."""
    basket = sent.basket if at else replace(sent.basket, code="")
    seen = look(call=call, basket=basket, shown_at=at)
    return seen.sale_id, seen.shopper


def _shopper(case: _Case) -> Shopper:
    """Return whose code was shown when it was sold; the till is not told a name any more."""
    _sale_id, shopper = _seen(case.call, case.sent, at=case.sent.record.sold_at)
    if shopper is None:
        raise CodeMalformed
    if shopper.funding_ref is None:
        raise NothingToPayFrom
    return replace(shopper, name=None)


def _until_current(case: _Case, shopper: Shopper | None, reason: str) -> OfflineSale:
    """Book it at the full price, which the shopper has paid in their own eyes."""
    at_sale, basket = replace(case.call, now=case.sent.record.sold_at), case.sent.basket
    looked = basket.operator if basket.minimum_age else ""
    tries = MOST_TRIES
    while True:
        tries -= 1
        priced = price(call=at_sale, basket=basket, shopper=shopper, full_price=True)
        try:
            return _write(case, replace(priced, checked_by=looked), reason)
        except QuoteOutdated:
            if not tries:
                raise


def _write(case: _Case, priced: Priced, reason: str) -> OfflineSale:
    try:
        with transaction():
            return _kept(case, priced, reason, sale_id=case.sale_id, write=record_closed)
    except SaleExists:
        return _write_known(case, priced, reason)


def _write_known(case: _Case, priced: Priced, reason: str) -> OfflineSale:
    """Go on with a sale that the till had begun online, before its network went."""
    with transaction():
        db.call(HOLD, [case.key.terminal_id])
        if (stored := _stored(case.call, case.sent)) is not None:
            return stored
        held = lock(key=case.call.key)
        if held is None:
            raise SaleUnknown
        check_open(held)
        stop_waiting(case.call, held)
        return _kept(case, priced, reason, sale_id=held.id, write=close_sale)


@transaction_required
def _kept(
    case: _Case, priced: Priced, reason: str, *, sale_id: int, write: Callable[..., None]
) -> OfflineSale:
    """Write the sale with what bears it; of one till's sales one is written at a time."""
    db.call(HOLD, [case.key.terminal_id])
    if (stored := _stored(case.call, case.sent)) is not None:
        return stored
    reason = _reason_now(case, reason)
    amount = case.sent.record.amount
    kind, reference = (LOSS_TENDER, LOSS_REFERENCE) if reason else (OK, "")
    tender = TenderFacts(number=1, kind=kind, amount=amount, reference=reference)
    row = _row(case, sale_id, reason)
    close(call=case.call, sale_id=sale_id, priced=priced, tenders=[tender], write=write)
    if reason:
        book_offline_loss(
            sale_id=sale_id,
            merchant_id=case.call.key.merchant_id,
            mode=case.call.key.mode,
            amount=amount,
            currency=priced.basket.currency,
            reason=reason,
            now=case.call.now,
            actor=case.call.till.actor,
        )
    return row


@transaction_required
def _reason_now(case: _Case, reason: str) -> str:
    """Return why it is a loss, as the log stands while it is held; raises one that is new."""
    record = case.sent.record
    log = OfflineSale.objects.filter(key=case.key)
    if log.filter(sequence=record.sequence).exclude(reason=SEQUENCE_USED).exists():
        if not reason:
            raise _LossError(SEQUENCE_USED)
        return SEQUENCE_USED
    if reason:
        return reason
    allowed = allowance_at(
        terminal_id=case.key.terminal_id, mode=case.key.mode, at=record.dark_since
    )
    most = allowed.most_in_all if allowed else 0
    if paid_of_spell(case.key, record.dark_since) + record.amount > most:
        raise _LossError(TOO_MUCH_IN_ALL)
    return ""


@transaction_required
def _row(case: _Case, sale_id: int, reason: str) -> OfflineSale:
    record, key = case.sent.record, case.key
    return OfflineSale.objects.create(
        merchant_id=key.merchant_id,
        store_id=key.store_id,
        terminal_id=key.terminal_id,
        mode=key.mode,
        uuid=record.uuid,
        key=key,
        sale_id=sale_id,
        sequence=record.sequence,
        digest=record.digest,
        previous=record.previous,
        fingerprint=case.sent.fingerprint,
        sold_at=record.sold_at,
        dark_since=record.dark_since,
        amount=record.amount,
        currency=record.currency,
        booked_as=BookedAs.LOSS if reason else BookedAs.PAID,
        reason=reason,
        booked_at=case.call.now,
    )
