"""Setting an amount aside for an open sale, and taking it in parts: what is refused, and when."""

from collections.abc import Callable

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.actions.open_sale import open_or_lock
from payments.actions.authorise import authorise
from payments.actions.capture import (
    AmountNotPositive,
    BankAccountNotReady,
    BankAccountRemoved,
    CurrencyNotPayable,
    DailyLimitReached,
    SalePaidAlready,
)
from payments.actions.capture_part import AuthorisationEnded, capture_part
from payments.actions.end_authorisation import end_authorisation
from payments.actions.remove_bank_account import remove_bank_account
from payments.chart import EUR
from payments.models import Authorisation, BankAccount, Entry
from tests.payments.books import held, owed_by, owed_to
from tests.support.accounts import added, proved
from tests.support.proofs import prove
from tests.support.world import NOW, Place, World
from tests.trade.baskets import key_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(world: World) -> Place:
    return world.webshop


def begun(shop: Place) -> int:
    """Open a sale; return its id. Call it inside a transaction."""
    opened = open_or_lock(
        key=key_at(shop),
        store_id=shop.store.pk,
        terminal_id=None,
        currency=EUR,
        language="nl",
        now=NOW,
    )
    return opened.id


def set_aside(
    shop: Place, account: BankAccount, amount: int, *, sale_id: int | None = None, **other: str
) -> int:
    """Set an amount aside for a sale, a new one unless said otherwise; return its id."""
    with transaction():
        sale_id = sale_id or begun(shop)
        authorise(
            sale_id=sale_id,
            merchant_id=shop.merchant.pk,
            mode=Mode.LIVE,
            funding_ref=account.pk,
            amount=amount,
            currency=other.get("currency", EUR),
            now=NOW,
            actor=SYSTEM,
        )
    return sale_id


def take_part(shop: Place, sale_id: int, amount: int) -> None:
    with transaction():
        capture_part(
            sale_id=sale_id,
            merchant_id=shop.merchant.pk,
            mode=Mode.LIVE,
            amount=amount,
            now=NOW,
            actor=SYSTEM,
        )


def end(shop: Place, sale_id: int) -> None:
    with transaction():
        end_authorisation(
            sale_id=sale_id,
            merchant_id=shop.merchant.pk,
            mode=Mode.LIVE,
            now=NOW,
            actor=SYSTEM,
        )


def remove(account: BankAccount) -> None:
    remove_bank_account(
        person_id=account.person_id, bank_account_id=account.pk, now=NOW, actor=SYSTEM
    )


def nothing_is_set_aside() -> bool:
    with operator_scope("the test looks"):
        return not Authorisation.objects.exists() and not Entry.objects.exists()


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_and_less_is_not_set_aside(shop: Place, account: BankAccount, amount: int) -> None:
    with pytest.raises(AmountNotPositive):
        set_aside(shop, account, amount)
    assert nothing_is_set_aside()


def test_other_money_than_euros_is_not_set_aside(shop: Place, account: BankAccount) -> None:
    with pytest.raises(CurrencyNotPayable):
        set_aside(shop, account, 100, currency="USD")
    assert nothing_is_set_aside()


@pytest.mark.parametrize("begin", [added, proved])
def test_an_account_that_is_not_ready_promises_nothing(
    shop: Place, world: World, begin: Callable[[Person], BankAccount]
) -> None:
    with pytest.raises(BankAccountNotReady):
        set_aside(shop, begin(world.alice), 100)
    assert nothing_is_set_aside()


def test_an_account_that_is_gone_promises_nothing(shop: Place, account: BankAccount) -> None:
    remove(account)
    with pytest.raises(BankAccountRemoved):
        set_aside(shop, account, 100)
    assert nothing_is_set_aside()


def test_more_than_the_limit_of_a_day_is_not_set_aside(shop: Place, account: BankAccount) -> None:
    set_aside(shop, account, 60_000)
    with pytest.raises(DailyLimitReached):
        set_aside(shop, account, 60_000)


def test_a_sale_is_set_aside_for_once(shop: Place, account: BankAccount) -> None:
    sale_id = set_aside(shop, account, 100)
    with pytest.raises(SalePaidAlready):
        set_aside(shop, account, 100, sale_id=sale_id)
    with operator_scope("the test looks"):
        assert Authorisation.objects.get().amount == 100


def test_what_was_promised_is_owed_although_the_account_is_gone(
    shop: Place, account: BankAccount
) -> None:
    sale_id = set_aside(shop, account, 100)
    remove(account)
    take_part(shop, sale_id, 60)
    assert (held(owed_by(account)), held(owed_to(shop))) == (-60, 60)


@pytest.mark.parametrize("part", [101, 0])
def test_more_than_is_left_or_nothing_is_not_captured(
    shop: Place, account: BankAccount, part: int
) -> None:
    sale_id = set_aside(shop, account, 100)
    with pytest.raises(Refusal):
        take_part(shop, sale_id, part)
    assert held(owed_to(shop)) == 0


def test_after_its_end_nothing_is_captured_and_nothing_ends_twice(
    shop: Place, account: BankAccount
) -> None:
    sale_id = set_aside(shop, account, 100)
    end(shop, sale_id)
    with pytest.raises(AuthorisationEnded):
        take_part(shop, sale_id, 1)
    with pytest.raises(AuthorisationEnded):
        end(shop, sale_id)
    assert held(owed_to(shop)) == 0
    prove()
