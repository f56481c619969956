"""What a sale in test mode runs into by a magic amount (``merchants.magic``); never a live one."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from merchants.magic import HOUR, RETRY_AFTER, Does, magic_of
from okplatform.kernel.errors import Refusal
from payments.actions.capture import (
    BankAccountNotReady,
    BankAccountRemoved,
    DailyLimitReached,
    MonthlyLimitReached,
    TooManyPayments,
)
from wallet.actions.count_guess import CodeThrottled
from wallet.actions.scan_code import CodeBlocked, CodeUsed

A_DAY = timedelta(days=1)

REFUSALS: Mapping[str, Callable[[], Refusal]] = {
    **{
        refusal.code: refusal
        for refusal in (
            BankAccountNotReady,
            BankAccountRemoved,
            CodeBlocked,
            CodeUsed,
            DailyLimitReached,
            MonthlyLimitReached,
            TooManyPayments,
        )
    },
    CodeThrottled.code: lambda: CodeThrottled(retry_after=RETRY_AFTER),
}
"""The very refusals that a live till gets, by their codes."""


def refuse_by_magic(gross: int, *, mode: str, confirmed: bool) -> None:
    """Raise what the part of a test sale that OK pays is refused with, if its amount says so."""
    magic = magic_of(mode=mode, gross=gross)
    if magic is not None and magic.code and magic.does == _refusing(confirmed=confirmed):
        raise REFUSALS[magic.code]()


def _refusing(*, confirmed: bool) -> Does:
    return Does.SAYS_YES if confirmed else Does.REFUSES


def patience_by_magic(gross: int, *, mode: str) -> timedelta | None:
    """Return how long a yes to a test sale counts; None is as long as ever.

    Where a yes is to come after an hour it counts for a day: the till may ask later than that hour.
    """
    magic = magic_of(mode=mode, gross=gross)
    if magic is None or not magic.seconds:
        return None
    if magic.does == Does.SAYS_NOTHING:
        return timedelta(seconds=magic.seconds)
    return A_DAY if magic.seconds >= HOUR else None
