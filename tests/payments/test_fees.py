"""What payments cost, as it accrues: outside the sale, outside the ledger, once."""

from datetime import date, timedelta

import pytest
from django.db.utils import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, transaction
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Person
from payments.actions.accrue_fees import accrue_fees, give_back_fee
from payments.actions.choose_plan import PlanChosen, PlanTooLate, PlanUnknown, choose_plan
from payments.actions.put_plan import (
    DefaultPlanHasMonth,
    DefaultPlanTaken,
    PriceKnown,
    PriceTooLate,
)
from payments.bookkeeping.fees import Rate
from payments.models import BankAccount, Posting
from tests.payments.acquirer import by_card
from tests.payments.books import bank_account, close, sell, take
from tests.payments.fees import GENEROUS, MONTHLY, PAY_AS_YOU_GO, accrue, fees, give, plan
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 17)
TOMORROW = TODAY + timedelta(days=1)


def test_a_payment_costs_what_the_plan_says_of_its_channel(
    world: World, account: BankAccount
) -> None:
    plan()
    sell(world.till, account, 1_840)
    sell(world.webshop, account, 1_840)
    accrue()
    # 500 + 0.25 % of € 18.40, which is 460; 2,500 + 0.9 %, which is 1,656.
    assert [(fee.channel, fee.amount, fee.vat_rate_bp) for fee in fees()] == [
        ("in_store", 960, 2_100),
        ("online", 4_156, 2_100),
    ]
    assert {fee.accrued_on for fee in fees()} == {TODAY}
    prove()


def test_a_fee_stays_out_of_the_books_until_it_is_invoiced(
    world: World, account: BankAccount
) -> None:
    plan()
    sell(world.till, account, 1_840)
    accrue()
    assert len(fees()) == 1
    assert [posting.kind for posting in Posting.objects.all()] == ["sale_paid"]


def test_the_sale_itself_writes_no_fee(world: World, account: BankAccount) -> None:
    plan()
    sell(world.till, account, 1_840)
    assert fees() == []
    prove()


def test_handled_twice_it_accrues_once(world: World, account: BankAccount) -> None:
    plan()
    sale_id = sell(world.till, account, 1_840)
    accrue()
    with transaction():
        assert accrue_fees(sale_ids=[sale_id, sale_id]) == 0
    assert len(fees()) == 1


def test_only_the_part_paid_with_ok_costs_anything(world: World, account: BankAccount) -> None:
    plan()
    place = world.till
    with transaction():
        sale_id = close(place, ("ok", 1_000), ("cash", 840))
        take(sale_id, world.till, account, 1_000)
    with transaction():
        close(world.till, ("pin", 500))
    accrue()
    assert [fee.amount for fee in fees()] == [750]


def test_test_trade_costs_nothing(world: World) -> None:
    plan()
    tessas, place = bank_account(world.tessa), world.till
    with transaction():
        sale_id = close(place, ("ok", 1_000), mode=Mode.TEST)
        take(sale_id, world.till, tessas, 1_000, mode=Mode.TEST)
    accrue()
    assert fees() == []
    prove()


def test_without_a_plan_nothing_accrues(world: World, account: BankAccount) -> None:
    sell(world.till, account, 1_840)
    accrue()
    assert fees() == []
    prove()


def test_each_merchant_pays_by_the_plan_that_it_has_that_day(
    world: World, account: BankAccount
) -> None:
    plan()
    plan("groei", MONTHLY, is_default=False)
    give(world.bol.merchant, "groei", TODAY)
    give(world.kramer.merchant, "groei", TOMORROW)
    for place in (world.till, world.haarlem, world.gouda):
        sell(place, account, 10_000)
    accrue()
    assert [fee.amount for fee in fees()] == [325 + 1_000, 500 + 2_500, 500 + 2_500]


def test_a_new_price_holds_from_its_day(world: World, account: BankAccount) -> None:
    plan()
    plan(prices=MONTHLY_LESS, since=TODAY)
    plan(prices=GENEROUS, since=TOMORROW)
    sell(world.till, account, 10_000)
    accrue()
    assert [fee.amount for fee in fees()] == [400 + 2_000]


MONTHLY_LESS = PAY_AS_YOU_GO.__class__(monthly=0, in_store=Rate(400, 20), online=Rate(0))


def test_what_has_accrued_is_never_priced_anew(world: World, account: BankAccount) -> None:
    plan()
    sell(world.till, account, 10_000)
    accrue()
    with pytest.raises(PriceTooLate):
        plan(prices=GENEROUS, since=TODAY)
    with pytest.raises(PlanTooLate):
        give(world.bol.merchant, "start", TODAY)
    plan(prices=GENEROUS, since=TOMORROW)
    with pytest.raises(PriceKnown):
        plan(prices=GENEROUS, since=TOMORROW)
    assert [fee.amount for fee in fees()] == [3_000]


def test_a_plan_is_chosen_by_a_code_that_there_is_and_once_a_day(world: World) -> None:
    plan()
    with pytest.raises(PlanUnknown):
        give(world.bol.merchant, "none")
    give(world.bol.merchant, "start", TOMORROW)
    with pytest.raises(PlanChosen):
        choose_plan(
            merchant_id=world.bol.merchant.pk, code="start", since=TOMORROW, now=NOW, actor=SYSTEM
        )


def test_one_plan_is_the_default_and_asks_no_month() -> None:
    with pytest.raises(DefaultPlanHasMonth):
        plan(prices=MONTHLY)
    plan()
    with pytest.raises(DefaultPlanTaken):
        plan("other")


class TestGivingBack:
    def test_a_refund_gives_nothing_back_unless_the_plan_says_so(
        self, world: World, account: BankAccount
    ) -> None:
        plan()
        sale_id = sell(world.till, account, 1_840)
        accrue()
        with transaction():
            assert give_back_fee(sale_id=sale_id, refund_id=1, refunded=1_840, day=TODAY) == 0
        assert len(fees()) == 1

    def test_refunds_of_all_give_back_all_each_its_part(
        self, world: World, account: BankAccount
    ) -> None:
        plan(prices=GENEROUS)
        sale_id = sell(world.till, account, 900)
        accrue()
        assert [fee.amount for fee in fees()] == [725]
        given = []
        for number, refunded in ((1, 100), (2, 500), (2, 500), (3, 900)):
            with transaction():
                given.append(
                    give_back_fee(sale_id=sale_id, refund_id=number, refunded=refunded, day=TODAY)
                )
        assert given == [-81, -322, 0, -322]
        assert sum(fee.amount for fee in fees()) == 0
        prove()

    def test_a_refund_that_is_handled_before_its_sale_gives_back_no_less(
        self, world: World, account: BankAccount
    ) -> None:
        plan(prices=GENEROUS)
        sale_id = sell(world.till, account, 900)
        with transaction():
            assert give_back_fee(sale_id=sale_id, refund_id=1, refunded=900, day=TODAY) == -725
        accrue()
        assert sum(fee.amount for fee in fees()) == 0

    def test_what_comes_back_gives_back_its_part_once(
        self, world: World, account: BankAccount
    ) -> None:
        plan(prices=GENEROUS)
        sale_id = sell(world.till, account, 900)
        for amount in (100, 400):
            give_back(world.till, sale_id, amount)
        accrue()
        give_back(world.till, sale_id, 400)
        accrue()
        accrue()
        assert [(fee.kind, fee.amount) for fee in fees()] == [
            ("payment", 725),
            ("refund", -81),
            ("refund", -322),
            ("refund", -322),
        ]
        prove()

    def test_what_was_paid_otherwise_gives_nothing_back(self, world: World) -> None:
        plan(prices=GENEROUS)
        give_back(world.till, by_card(world.till, 900), 900)
        accrue()
        assert fees() == []


@given(amount=st.integers(1, 10**12), bp=st.integers(0, 10_000), fixed=st.integers(0, 10**6))
def test_postgresql_rounds_as_python_does(amount: int, bp: int, fixed: int) -> None:
    sql = "SELECT %s::bigint + fees_half_up(%s::bigint * %s::bigint, 100)"
    assert call(sql, [fixed, amount, bp])[0][0] == Rate(fixed, bp).on(amount)


@given(numerator=st.integers(-(10**15), 10**15), denominator=st.integers(1, 10**6))
def test_it_rounds_half_away_from_zero(numerator: int, denominator: int) -> None:
    found = call("SELECT fees_half_up(%s, %s)", [numerator, denominator])[0][0]
    whole, rest = divmod(abs(numerator), denominator)
    expected = whole + (2 * rest >= denominator)
    assert found == (expected if numerator >= 0 else -expected)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE payments_fee SET amount = 1",
        "DELETE FROM payments_fee",
        "UPDATE payments_plan_price SET in_store_bp = 0",
        "DELETE FROM payments_plan_price",
    ],
)
def test_what_accrued_stays_as_it_accrued(world: World, account: BankAccount, change: str) -> None:
    plan()
    sell(world.till, account, 1_840)
    accrue()
    with pytest.raises(IntegrityError), transaction():
        call(change)


def test_nobody_else_sees_a_fee(world: World, alice: Person, account: BankAccount) -> None:
    from okplatform.kernel.tenancy import merchant_scope
    from payments.models import Fee

    plan()
    sell(world.till, account, 1_840)
    accrue()
    with merchant_scope(world.kramer.merchant.pk):
        assert not Fee.objects.exists()
