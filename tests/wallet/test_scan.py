from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import TransactionError, transaction
from okplatform.parties.models import Merchant, Person
from tests.support.phone import Phone
from tests.support.scanning import scan
from wallet.actions.bind_code import bind
from wallet.actions.block_device import block_device
from wallet.actions.count_guess import ALLOWED_PER_KEY, ALLOWED_PER_TILL, CodeThrottled
from wallet.actions.grant_consent import grant_consent
from wallet.actions.scan_code import (
    CodeBlocked,
    CodeMalformed,
    CodeStale,
    CodeUnknown,
    CodeUsed,
    CodeWrongMode,
    Scan,
)
from wallet.actions.withdraw_consent import withdraw_consent
from wallet.models import GuessWindow, Handle

pytestmark = pytest.mark.django_db

FIRST = "1:live:00000000-0000-4000-8000-000000000001"
SECOND = "1:live:00000000-0000-4000-8000-000000000002"
WRONG = "9300000000000000000000"


def at_till(code: str, *, now: datetime, **changed: Any) -> Scan:
    asked: dict[str, Any] = {
        "till_key": "key:1/terminal:1",
        "sale_ref": FIRST,
        "merchant_id": 0,
        "mode": "live",
    }
    return scan(code=code, now=now, **(asked | changed))


def use(scanned: Scan, sale_ref: str, now: datetime) -> None:
    with transaction():
        bind(handle=scanned.handle, sale_ref=sale_ref, now=now)


def test_a_code_says_whose_it_is_and_what_it_pays_from(
    phone: Phone, alice: Person, now: datetime
) -> None:
    scanned = at_till(phone.shows(now), now=now)
    assert scanned.person_id == alice.pk
    assert scanned.funding_ref == 7
    assert scanned.handle == phone.handles[0]


def test_a_scan_is_one_statement(phone: Phone, now: datetime) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        at_till(phone.shows(now), now=now)
    assert len(queries) == 1


def test_a_scan_changes_nothing(phone: Phone, now: datetime) -> None:
    at_till(phone.shows(now), now=now)
    assert not Handle.objects.exclude(sale_ref=None).exists()


def test_a_phone_without_an_account_identifies_and_cannot_pay(bob: Person, now: datetime) -> None:
    phone = Phone.of(bob, now=now, funding_ref=None)
    assert at_till(phone.shows(now), now=now).funding_ref is None


@pytest.mark.parametrize("late", [-20, -1, 0, 19, 34])
def test_a_code_counts_while_it_is_on_screen_or_just_was(
    phone: Phone, now: datetime, late: int
) -> None:
    scanned = at_till(phone.shows(now), now=now + timedelta(seconds=late))
    assert scanned.handle == phone.handles[0]


@pytest.mark.parametrize("late", [-600, -40, 40, 59 * 60])
def test_a_code_of_another_time_is_stale_and_no_guess(
    phone: Phone, now: datetime, late: int
) -> None:
    with pytest.raises(CodeStale):
        at_till(phone.shows(now), now=now + timedelta(seconds=late))
    assert not GuessWindow.objects.exists()


def test_a_code_of_yesterday_is_unknown(phone: Phone, now: datetime) -> None:
    with pytest.raises(CodeUnknown):
        at_till(phone.shows(now), now=now + timedelta(days=1))


def test_an_unknown_handle_and_a_wrong_tag_get_the_same_answer(phone: Phone, now: datetime) -> None:
    right = phone.shows(now)
    wrong_tag = right[:-1] + str((int(right[-1]) + 1) % 10)
    refusals = []
    for code in (WRONG, wrong_tag):
        with pytest.raises(CodeUnknown) as refused:
            at_till(code, now=now)
        refusals.append((refused.value.code, refused.value.status, refused.value.detail))
    assert refusals[0] == refusals[1]


@pytest.mark.parametrize("code", ["", "8718907400718", "93", "93" + "x" * 20])
def test_something_else_is_no_code_and_no_guess(code: str, now: datetime) -> None:
    with pytest.raises(CodeMalformed):
        at_till(code, now=now)
    assert not GuessWindow.objects.exists()


def test_a_used_code_is_refused_at_another_sale(phone: Phone, now: datetime) -> None:
    use(at_till(phone.shows(now), now=now), FIRST, now)
    with pytest.raises(CodeUsed):
        at_till(phone.shows(now), now=now, sale_ref=SECOND)
    assert Handle.objects.get(number=phone.handles[0]).sale_ref == FIRST


@pytest.mark.parametrize("later", [timedelta(0), timedelta(minutes=10), timedelta(hours=23)])
def test_its_own_sale_may_repeat_a_code_whatever_time_it_is(
    phone: Phone, now: datetime, later: timedelta
) -> None:
    code = phone.shows(now)
    use(at_till(code, now=now), FIRST, now)
    again = at_till(code, now=now + later)
    use(again, FIRST, now + later)
    assert Handle.objects.get(number=phone.handles[0]).used_at == now


def test_its_own_sale_may_not_repeat_it_with_a_wrong_tag(phone: Phone, now: datetime) -> None:
    code = phone.shows(now)
    use(at_till(code, now=now), FIRST, now)
    with pytest.raises(CodeUnknown):
        at_till(code[:-1] + str((int(code[-1]) + 1) % 10), now=now + timedelta(minutes=10))


def test_another_handle_of_the_phone_still_works(phone: Phone, now: datetime) -> None:
    use(at_till(phone.shows(now), now=now), FIRST, now)
    at_till(phone.shows(now, handle=1), now=now, sale_ref=SECOND)


def test_a_blocked_phone_is_refused_from_the_next_scan_on(
    phone: Phone, alice: Person, now: datetime
) -> None:
    before = at_till(phone.shows(now), now=now)
    block_device(person_id=alice.pk, device_uuid=phone.uuid, now=now, actor=SYSTEM)
    with pytest.raises(CodeBlocked):
        at_till(phone.shows(now), now=now)
    with pytest.raises(CodeBlocked):
        use(before, FIRST, now)
    assert Handle.objects.get(number=before.handle).sale_ref is None


def test_a_person_who_is_no_longer_active_is_refused(
    phone: Phone, alice: Person, now: datetime
) -> None:
    Person.objects.filter(pk=alice.pk).update(is_active=False)
    with pytest.raises(CodeBlocked):
        at_till(phone.shows(now), now=now)


def test_a_test_code_is_refused_at_a_live_till_and_the_other_way_round(
    phone: Phone, tessa: Person, now: datetime
) -> None:
    with pytest.raises(CodeWrongMode):
        at_till(Phone.of(tessa, now=now).shows(now), now=now, mode="live")
    with pytest.raises(CodeWrongMode):
        at_till(phone.shows(now), now=now, mode="test")


def test_the_name_comes_only_with_consent_to_this_merchant(
    phone: Phone, alice: Person, bakery: Merchant, bookshop: Merchant, now: datetime
) -> None:
    consent = {"person_id": alice.pk, "merchant_id": bakery.pk, "purpose": "identity"}
    code = phone.shows(now)
    assert at_till(code, now=now, merchant_id=bakery.pk).name is None
    grant_consent(**consent, text_version=1, language="nl", now=now, actor=SYSTEM)  # type: ignore[arg-type]
    assert at_till(code, now=now, merchant_id=bakery.pk).name == "Alice Jansen"
    assert at_till(code, now=now, merchant_id=bookshop.pk).name is None
    withdraw_consent(**consent, now=now, actor=SYSTEM)  # type: ignore[arg-type]
    assert at_till(code, now=now, merchant_id=bakery.pk).name is None


def test_ten_wrong_codes_close_the_till_for_the_rest_of_the_minute(
    phone: Phone, now: datetime
) -> None:
    for _attempt in range(ALLOWED_PER_TILL):
        with pytest.raises(CodeUnknown):
            at_till(WRONG, now=now)
    with pytest.raises(CodeThrottled) as refused:
        at_till(phone.shows(now), now=now)
    assert refused.value.status == 429
    assert 0 < refused.value.facts["retry_after"] <= 61
    # Another till of the same key goes on selling, and so does this one a minute later.
    at_till(phone.shows(now), now=now, till_key="key:1/terminal:2")
    later = now + GuessWindow.LENGTH
    at_till(phone.shows(later), now=later)


def test_guesses_spread_over_many_tills_close_the_key(phone: Phone, now: datetime) -> None:
    for attempt in range(ALLOWED_PER_KEY):
        with pytest.raises(CodeUnknown):
            at_till(WRONG, now=now, till_key=f"key:1/terminal:{attempt}")
    with pytest.raises(CodeThrottled):
        at_till(phone.shows(now), now=now, till_key="key:1/terminal:fresh")
    at_till(phone.shows(now), now=now, till_key="key:2/terminal:1")


def test_a_new_minute_counts_from_one(now: datetime) -> None:
    for seconds in (0, 30, 61):
        with pytest.raises(CodeUnknown):
            at_till(WRONG, now=now + timedelta(seconds=seconds))
    till = GuessWindow.objects.get(bucket="key:1/terminal:1")
    assert (till.wrong, till.opened_at) == (1, now + timedelta(seconds=61))


def test_a_scan_inside_a_transaction_is_a_mistake(phone: Phone, now: datetime) -> None:
    with transaction(), pytest.raises(TransactionError):
        at_till(phone.shows(now), now=now)


def test_a_code_needs_its_own_phone(phone: Phone, bob: Person, now: datetime) -> None:
    other = Phone.of(bob, now=now)
    forged = Phone(person=bob, uuid=UUID(int=0), key=other.key, handles=phone.handles)
    with pytest.raises(CodeUnknown):
        at_till(forged.shows(now), now=now)
