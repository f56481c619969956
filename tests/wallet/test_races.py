"""64 at once, each on a connection of its own."""

from datetime import datetime

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, transaction
from okplatform.parties.models import Merchant, Person
from tests.support.phone import Phone
from tests.support.races import AT_ONCE, all_at_once
from wallet.actions.bind_code import bind
from wallet.actions.count_guess import CodeThrottled, count_guess
from wallet.actions.grant_consent import grant_consent
from wallet.actions.scan_code import CodeUsed
from wallet.actions.stock_handles import STOCK, stock_handles
from wallet.models import GuessWindow, Handle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_of_64_sales_with_one_code_exactly_one_gets_it(phone: Phone, now: datetime) -> None:
    def sale(number: int) -> str:
        try:
            with transaction():
                bind(handle=phone.handles[0], sale_ref=f"1:live:{number}", now=now)
        except CodeUsed:
            return "refused"
        return "won"

    assert all_at_once(sale) == {"won": 1, "refused": AT_ONCE - 1}
    assert Handle.objects.exclude(sale_ref=None).count() == 1


def test_64_retries_of_one_sale_all_get_its_code(phone: Phone, now: datetime) -> None:
    def sale(_number: int) -> str:
        with transaction():
            bind(handle=phone.handles[0], sale_ref="1:live:same", now=now)
        return "bound"

    assert all_at_once(sale) == {"bound": AT_ONCE}


def test_64_wrong_codes_at_once_are_all_counted(now: datetime) -> None:
    def guess(_number: int) -> str:
        try:
            count_guess(till_key="key:1/till", now=now)
        except CodeThrottled:
            return "throttled"
        return "counted"

    assert all_at_once(guess) == {"counted": 10, "throttled": AT_ONCE - 10}
    assert GuessWindow.objects.get(bucket="key:1/till").wrong == AT_ONCE


def test_64_yeses_at_once_are_one_consent(alice: Person, bakery: Merchant, now: datetime) -> None:
    def say_yes(_number: int) -> str:
        grant_consent(
            person_id=alice.pk,
            merchant_id=bakery.pk,
            purpose="identity",
            text_version=1,
            language="nl",
            now=now,
            actor=SYSTEM,
        )
        return "said"

    assert all_at_once(say_yes) == {"said": AT_ONCE}
    assert call("SELECT count(*) FROM wallet_consent") == [(1,)]
    assert call("SELECT count(*) FROM kernel_event WHERE type = 'wallet.consent_granted'") == [(1,)]


def test_64_stocks_at_once_fill_it_once(phone: Phone, now: datetime) -> None:
    def stock(_number: int) -> str:
        found = stock_handles(
            person_id=phone.person.pk,
            device_uuid=phone.uuid,
            funding_refs=[7, 8],
            now=now,
            actor=SYSTEM,
        )
        return " ".join(str(len(found[ref])) for ref in (7, 8))

    assert all_at_once(stock) == {f"{STOCK} {STOCK}": AT_ONCE}
    assert Handle.objects.count() == 2 * STOCK
