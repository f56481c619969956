"""What the payment page says of a payment that its reader makes, or made, at the bank."""

from collections.abc import Sequence
from dataclasses import dataclass

from merchants.checkout.actions.take_paid_at_bank import take_paid_at_bank
from merchants.models import OnlinePayment
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.parties.models import Person
from payments.actions.refresh_bank_payment import refresh_bank_payment
from payments.funding import funding_of
from payments.gateways.berlin_group import BerlinGroup, is_offered
from payments.models import BankPayment
from payments.queries import RefundProgress, bank_accounts_of, given_back, purchases_at_bank
from payments.refund_notes import how_far
from payments.states import BankPaymentState
from wallet import hooks
from wallet.hooks import Funding

NOT_PAID = (BankPaymentState.REJECTED, BankPaymentState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Way:
    """An account to pay from; ``only_at_bank`` where it is not proved and signed for yet."""

    account: Funding
    only_at_bank: bool


@dataclass(frozen=True, slots=True)
class AtBank:
    """The last payment that a reader began at a bank, and what goes back of all of them."""

    payment: BankPayment
    back: Sequence[tuple[RefundProgress, str]]

    @property
    def is_under_way(self) -> bool:
        """Say whether the bank has not said its last word, or we have not acted on it yet."""
        is_done = self.payment.allotted_at is not None or self.payment.state in NOT_PAID
        return not is_done

    @property
    def was_refused(self) -> bool:
        """Say whether the bank, or the reader there, said no."""
        return self.payment.state in NOT_PAID


def ways_of(reader: Person) -> list[Way]:
    """Return what a reader can pay from, what a yes is enough for first."""
    ready = hooks.funding_of(reader.pk, reader.mode)
    ways = [Way(account, only_at_bank=False) for account in ready]
    if is_offered():
        others = bank_accounts_of(reader.pk, mode=reader.mode).filter(ready_at=None)
        ways += [Way(funding_of(account), only_at_bank=True) for account in others]
    return ways


def follow(payment: OnlinePayment, reader: Person, *, actor: Actor) -> None:
    """Ask the bank after what the reader is paying there, and take the sale if it is paid.

    The sweeps do the same; but here somebody has come back and is looking. ``payment`` is then as
    stored.
    """
    begun = purchases_at_bank(payment.pk, person_id=reader.pk).first()
    if begun is None or begun.allotted_at is not None or begun.state in NOT_PAID:
        return
    if not begun.is_final and is_offered():
        gateway, now = BerlinGroup.configured(), clock.now()
        refresh_bank_payment(bank_payment_id=begun.pk, gateway=gateway, now=now, actor=actor)
    with transaction():
        take_paid_at_bank(bank_payment_id=begun.pk, now=clock.now())
    payment.refresh_from_db()


def at_bank_of(payment: OnlinePayment, reader: Person) -> AtBank | None:
    """Return how it stands at the bank for this reader; None who did not go there."""
    begun = list(purchases_at_bank(payment.pk, person_id=reader.pk))
    if not begun:
        return None
    back = given_back([one.pk for one in begun])
    return AtBank(begun[0], [(refund, how_far(refund)) for refund in back])
