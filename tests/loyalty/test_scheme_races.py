"""Sixty-four at once, on real connections: each version has its number, and begins once."""

from datetime import timedelta

import pytest

from loyalty.actions.replay_scheme import replay_scheme
from loyalty.actions.roll_back_scheme import roll_back_scheme
from loyalty.actions.start_scheme import start_scheme
from loyalty.models import SchemeVersion
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import Event
from okplatform.kernel.tenancy import operator_scope
from tests.loyalty.bakery import Bakery
from tests.loyalty.schemes import draft, published
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

LATER = NOW + timedelta(days=1)


def test_versions_published_at_once_are_numbered_without_a_gap(bakery: Bakery) -> None:
    published(bakery.merchant_id)

    def bring_back(_number: int) -> str:
        return str(
            roll_back_scheme(merchant_id=bakery.merchant_id, number=1, actor=SYSTEM, now=NOW)
        )

    found = all_at_once(bring_back)
    assert found == {str(number): 1 for number in range(2, AT_ONCE + 2)}
    with operator_scope("the tests look"):
        assert SchemeVersion.objects.count() == AT_ONCE + 1
    prove()


def test_what_was_scheduled_begins_once(bakery: Bakery) -> None:
    published(bakery.merchant_id, starts_at=LATER)

    def start(_number: int) -> str:
        return str(start_scheme(merchant_id=bakery.merchant_id, actor=SYSTEM, now=LATER))

    assert all_at_once(start) == {"True": 1, "False": AT_ONCE - 1}
    assert Event.objects.filter(type="loyalty.scheme_started").count() == 1


def test_a_replay_is_made_by_one_worker(bakery: Bakery) -> None:
    number = draft(bakery.merchant_id)

    def work(_number: int) -> str:
        return str(replay_scheme(replay_id=number, actor=SYSTEM, now=NOW))

    assert all_at_once(work) == {"True": 1, "False": AT_ONCE - 1}
