"""What the bookkeeping tests do again and again: sell, book, and read an account."""

from collections.abc import Sequence
from dataclasses import dataclass

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.invariants import all_invariants
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Person
from okplatform.trade.actions.close_sale import record_closed
from okplatform.trade.actions.open_sale import take_sale_id
from okplatform.trade.facts import TenderFacts
from payments.actions.capture import capture
from payments.chart import (
    EUR,
    MEMBER_POINTS,
    MERCHANT_PAYABLE,
    PROGRAMME_POINTS,
    SHOPPER_RECEIVABLE,
    points_of,
)
from payments.ledger import AccountRef, post
from payments.models import AccountLimit, BankAccount
from payments.queries import balance_of
from tests.support.accounts import IBAN, ready
from tests.support.world import NOW, Place
from tests.trade.baskets import closing, key_at, line

PROGRAMME = 3
BOOKS = ("payments.invariants.ledger", "payments.invariants.reconciliation")


def bank_account(person: Person, iban: str = IBAN) -> BankAccount:
    """Give a shopper a bank account, proved and signed for."""
    return ready(person, iban)


def pays_often(account: BankAccount) -> None:
    """Let an account pay as often as a race does."""
    AccountLimit.objects.create(
        bank_account=account,
        hourly_payments=1_000,
        day=NOW.date(),
        month=NOW.date().replace(day=1),
        hour_from=NOW,
        opened_at=NOW,
    )


def close(place: Place, *tenders: tuple[str, int], mode: str = Mode.LIVE) -> int:
    """Close a sale that these tenders pay; return its id. Call it inside a transaction."""
    due = sum(amount for _kind, amount in tenders)
    paid = [
        TenderFacts(number=n, kind=kind, amount=amount) for n, (kind, amount) in numbered(tenders)
    ]
    sale_id = take_sale_id()
    record_closed(
        sale_id=sale_id,
        key=key_at(place, mode=mode),
        closing=closing(place, [line(gross=due)], paid, points_earned=0),
        actor=SYSTEM,
        now=NOW,
    )
    return sale_id


def numbered(tenders: Sequence[tuple[str, int]]) -> Sequence[tuple[int, tuple[str, int]]]:
    return list(enumerate(tenders, start=1))


def take(sale_id: int, place: Place, account: BankAccount, amount: int, **other: str) -> None:
    """Take the OK part of a sale, confirmed, from a bank account. Call it inside a transaction."""
    capture(
        sale_id=sale_id,
        merchant_id=place.merchant.pk,
        mode=other.get("mode", Mode.LIVE),
        funding_ref=account.pk,
        amount=amount,
        currency=other.get("currency", EUR),
        now=NOW,
        actor=SYSTEM,
        confirmed=True,
    )


def sell(place: Place, account: BankAccount, amount: int) -> int:
    """Sell something that is paid with OK; return the sale's id."""
    with transaction():
        sale_id = close(place, ("ok", amount))
        take(sale_id, place, account, amount)
    return sale_id


def owed_by(account: BankAccount) -> AccountRef:
    return AccountRef(SHOPPER_RECEIVABLE.kind, account.pk, EUR)


def owed_to(place: Place) -> AccountRef:
    return AccountRef(MERCHANT_PAYABLE.kind, place.merchant.pk, EUR)


@dataclass(frozen=True)
class Points:
    """A programme's points, of member 7 unless said otherwise."""

    member: int = 7

    @property
    def had(self) -> AccountRef:
        return AccountRef(MEMBER_POINTS.kind, self.member, points_of(PROGRAMME))

    @property
    def issued(self) -> AccountRef:
        return AccountRef(PROGRAMME_POINTS.kind, PROGRAMME, points_of(PROGRAMME))

    def book(self, reference: str, points: int, *, kind: str = "points_earned") -> int:
        """Book points for the member; fewer than none takes them away."""
        with transaction():
            return self.post(reference, points, kind=kind)

    def post(self, reference: str, points: int, *, kind: str = "points_earned") -> int:
        """Book points inside a transaction."""
        return post(
            kind=kind,
            reference=reference,
            mode=Mode.LIVE,
            entries=[(self.had, points), (self.issued, -points)],
            now=NOW,
        )


def breaches() -> dict[str, list[str]]:
    """Return what the proofs of this app find: points are booked here that no sale earned."""
    proofs = {
        each.name: each.prove().breaches
        for each in all_invariants()
        if each.prove.__module__ in BOOKS
    }
    return {name: found for name, found in proofs.items() if found}


def held(ref: AccountRef, mode: str = Mode.LIVE) -> int:
    return balance_of(ref, mode=mode)
