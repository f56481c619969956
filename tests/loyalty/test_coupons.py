"""Codes are made, kept and given back; each is used as often as it says, and no oftener."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty import coupon_codes, coupon_invariants
from loyalty.actions.keep_coupon import keep_coupon
from loyalty.actions.make_coupons import AT_ONCE, make_coupons
from loyalty.actions.open_coupons import (
    CodeNotWritable,
    CodeTaken,
    CodeTwice,
    OfferNeedsNoCode,
    SeriesTerms,
    TooManyCodes,
    open_coupons,
)
from loyalty.actions.put_coupon_away import put_coupon_away
from loyalty.actions.put_offer import OfferHasCodes
from loyalty.actions.settle import CouponTaken
from loyalty.coupons import CouponUnknown, CouponUsed
from loyalty.models import Coupon, CouponSeries, CouponUse, SeriesKind
from loyalty.queries.coupons import csv_of, series_in_making, series_of
from loyalty.queries.quoting import Asks
from loyalty.tasks import make
from merchants.returns.asking import LineAsked
from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.invariants import Proof
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.coupons import SPRING, left, listed, made, uses
from tests.loyalty.test_invariants import plant
from tests.payments.refunding import give_back
from tests.support.proofs import prove
from tests.support.races import all_at_once
from tests.support.world import NOW
from wallet.actions.count_guess import CodeThrottled

pytestmark = pytest.mark.django_db

CODES = Asks(codes=(SPRING,))
A_HANG = timedelta(seconds=10)
"""Eight steps take some twenty statements each, a quarter of a second on a machine of one's own;
the deadline is for what waits for a lock, not for who else is at work."""


def buy(bakery: Bakery, gross: int = 1_000, *codes: str, person: Person | None = None) -> int:
    """Sell bread with these coupons; return the sale."""
    priced = bakery.price(gross, person, asks=Asks(codes=codes))
    sale_id, _points = bakery.settle(priced, person)
    return int(sale_id)


def bring_back(bakery: Bakery, sale_id: int) -> Any:
    return give_back(bakery.world.till, sale_id, None, lines=[LineAsked(1, 1)])


def test_a_code_comes_back_with_all_of_its_goods(bakery: Bakery) -> None:
    listed(bakery)
    sale = buy(bakery, 1_000, SPRING)
    assert (left(), uses()) == ((0, 1), [(100, False)])
    bring_back(bakery, sale)
    assert (left(), uses()) == ((1, 1), [(100, True)])
    buy(bakery, 1_000, SPRING)
    assert left() == (0, 1)
    prove()


def test_a_code_stays_used_where_the_offer_says_so(bakery: Bakery) -> None:
    listed(bakery, offer_id=bakery.offer(by_code=True, gives_back=False))
    bring_back(bakery, buy(bakery, 1_000, SPRING))
    assert (left(), uses()) == ((0, 1), [(100, False)])
    prove()


def test_a_part_of_the_money_gives_no_code_back(bakery: Bakery) -> None:
    listed(bakery)
    give_back(bakery.world.till, buy(bakery, 1_000, SPRING), 300)
    assert (left(), uses()) == ((0, 1), [(100, False)])


@given(prefix=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", max_size=8))
def test_a_made_code_tells_a_slip_from_another_code(prefix: str) -> None:
    code = coupon_codes.made(prefix)
    assert coupon_codes.is_plain(code)
    assert coupon_codes.plain(coupon_codes.shown(code, prefix).lower()) == code
    own = code.removeprefix(prefix)
    assert coupon_codes.is_whole(own)
    for place, sign in enumerate(own):
        for other in coupon_codes.ALPHABET:
            slip = own[:place] + other + own[place + 1 :]
            assert coupon_codes.is_whole(slip) == (other == sign)
        swapped = own[:place] + own[place + 1 : place + 2] + sign + own[place + 2 :]
        assert coupon_codes.is_whole(swapped) == (swapped == own)


def test_codes_are_made_in_parts_and_no_two_are_alike(bakery: Bakery) -> None:
    offer_id = bakery.offer(by_code=True)
    terms = SeriesTerms(kind=SeriesKind.MADE, uses_each=1, count=2 * AT_ONCE + 7, prefix="bol")
    series_id = open_coupons(
        merchant_id=bakery.merchant_id, offer_id=offer_id, terms=terms, actor=SYSTEM, now=NOW
    )
    assert series_in_making() == [series_id]
    assert make_coupons(series_id=series_id, actor=SYSTEM)
    (line,) = series_of(merchant_id=bakery.merchant_id, offer_id=offer_id)
    assert (line.made, line.asked, line.is_ready) == (AT_ONCE, 2 * AT_ONCE + 7, False)
    make()
    make()
    assert series_in_making() == []
    with merchant_scope(bakery.merchant_id):
        series = CouponSeries.objects.get()
        rows = b"".join(csv_of(series)).decode().splitlines()
        assert Coupon.objects.count() == 2 * AT_ONCE + 7
    assert len(set(rows)) == 2 * AT_ONCE + 8
    code, uses_left = rows[-1].split(",")
    assert (code[:4], code.count("-"), uses_left) == ("BOL-", 3, "1")
    buy(bakery, 1_000, coupon_codes.plain(code))
    (line,) = series_of(merchant_id=bakery.merchant_id, offer_id=offer_id)
    assert (line.used, line.amount, line.is_ready) == (1, 100, True)
    prove()


@pytest.mark.parametrize(
    ("codes", "refusal", "said"),
    [
        (["BROOD1", "", "bröd"], CodeNotWritable, {"line": 3, "code": "bröd"}),
        (["BROOD1", "KAAS2", "brood-1"], CodeTwice, {"line": 3, "code": "BROOD1", "first": 1}),
        (
            ["BROOD1", " ", "lente 26"],
            CodeTaken,
            {"line": 3, "code": SPRING, "offer": "10 % op brood"},
        ),
    ],
)
def test_a_list_that_cannot_be_made_says_its_line_and_makes_nothing(
    bakery: Bakery, codes: list[str], refusal: type[Exception], said: dict[str, object]
) -> None:
    offer_id = listed(bakery)
    with pytest.raises(refusal) as told:
        listed(bakery, *codes, offer_id=offer_id)
    assert told.value.facts == said  # type: ignore[attr-defined]
    with operator_scope("the tests look"):
        assert Coupon.objects.count() == 1
        assert CouponSeries.objects.count() == 1


def test_codes_open_only_an_offer_that_asks_for_one(bakery: Bakery) -> None:
    with pytest.raises(OfferNeedsNoCode):
        listed(bakery, offer_id=bakery.offer())
    offer_id = listed(bakery)
    with pytest.raises(OfferHasCodes):
        bakery.offer(offer_id, by_code=False)
    with pytest.raises(TooManyCodes):
        made(bakery, 1_000_001, offer_id=offer_id)


def test_a_kept_coupon_comes_with_the_scan(bakery: Bakery, alice: Person, bob: Person) -> None:
    listed(bakery)
    keep(alice)
    keep(alice)
    assert bakery.price(1_000, bob).quote.due == 1_000
    assert bakery.price(1_000).quote.due == 1_000
    buy(bakery, 1_000, person=alice)
    assert (left(), uses()) == ((0, 1), [(100, False)])
    assert bakery.price(1_000, alice).quote.due == 1_000


def test_a_coupon_put_away_stays_where_it_is(bakery: Bakery, alice: Person) -> None:
    listed(bakery)
    keep(alice)
    with operator_scope("the tests look"):
        coupon = Coupon.objects.get()
    put_coupon_away(person_id=alice.pk, coupon_id=coupon.pk, actor=SYSTEM)
    assert bakery.price(1_000, alice).quote.due == 1_000
    assert left() == (1, 1)


def test_who_guesses_in_the_wallet_is_stopped(bakery: Bakery, alice: Person) -> None:
    listed(bakery)
    for guess in range(10):
        with pytest.raises(CouponUnknown):
            keep(alice, f"LENTE{guess}")
    with pytest.raises(CodeThrottled):
        keep(alice)
    later = NOW + timedelta(minutes=2)
    keep_coupon(person_id=alice.pk, code=SPRING, merchant_reference=None, actor=SYSTEM, now=later)


def test_a_used_coupon_is_not_kept(bakery: Bakery, alice: Person) -> None:
    listed(bakery)
    buy(bakery, 1_000, SPRING)
    with pytest.raises(CouponUsed):
        keep(alice)


def keep(person: Person, code: str = SPRING) -> None:
    keep_coupon(
        person_id=person.pk,
        code=code,
        merchant_reference="bakkerij-bol",
        actor=SYSTEM,
        now=NOW,
    )


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("uses_each", "winners"), [(1, 1), (5, 5)])
def test_of_sixty_four_tills_so_many_get_a_code_as_it_has_uses(
    bakery: Bakery, uses_each: int, winners: int
) -> None:
    listed(bakery, uses_each=uses_each)
    priced = bakery.price(1_000, asks=CODES)

    def till(_number: int) -> str:
        try:
            bakery.settle(priced, None)
        except CouponTaken as refusal:
            return refusal.code
        return "paid"

    assert all_at_once(till) == Counter(paid=winners, coupon_taken=64 - winners)
    assert left() == (0, uses_each)
    with operator_scope("the tests look"):
        assert CouponUse.objects.count() == winners


BREACHES = [
    (
        coupon_invariants.coupons_were_used_as_often_as_they_say,
        "UPDATE loyalty_coupon SET left_live = left_live + 1",
        "is good for",
    ),
    (
        coupon_invariants.coupons_were_used_as_often_as_they_say,
        "DELETE FROM loyalty_coupon_use",
        "is good for",
    ),
    (
        coupon_invariants.coupons_are_held_by_sales_that_stand,
        "UPDATE trade_sale SET state = 'cancelled', cancelled_at = closed_at, closed_at = NULL",
        "is cancelled and holds",
    ),
    (
        coupon_invariants.coupons_are_held_by_sales_that_stand,
        "UPDATE loyalty_coupon_use SET offer_id = 0",
        "not its own",
    ),
    (
        coupon_invariants.coupons_are_held_by_sales_that_stand,
        "UPDATE trade_return SET sale_id = 0",
        "another sale",
    ),
    (
        coupon_invariants.series_have_the_codes_they_say,
        "UPDATE loyalty_coupon_series SET made = 0",
        "says 0 codes",
    ),
]


@pytest.mark.parametrize(("proof", "breach", "sentence"), BREACHES)
def test_a_planted_breach_is_found(
    bakery: Bakery, proof: Callable[[], Proof], breach: str, sentence: str
) -> None:
    listed(bakery, SPRING, uses_each=2)
    bring_back(bakery, buy(bakery, 1_000, SPRING))
    buy(bakery, 1_000, SPRING)
    assert not proof().breaches
    plant(breach)
    found = proof().breaches
    assert found
    assert all(sentence in one for one in found)


@settings(
    max_examples=15,
    deadline=A_HANG,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    uses_each=st.integers(1, 3),
    steps=st.lists(st.sampled_from(["buy", "rehearse", "return", "settle again"]), max_size=8),
)
def test_whatever_happens_a_code_has_left_what_it_should(
    bakery: Bakery, uses_each: int, steps: list[str]
) -> None:
    code = coupon_codes.made()
    offer_id = bakery.offer(by_code=True)
    listed(bakery, code, offer_id=offer_id, uses_each=uses_each)
    sold: list[tuple[int, Any]] = []
    rehearsed = 0
    for step in steps:
        live, mode = step != "rehearse", Mode.LIVE if step != "rehearse" else Mode.TEST
        used = len(sold) if live else rehearsed
        if step in {"buy", "rehearse"} and used < uses_each:
            priced = bakery.price(1_000, mode=mode, asks=Asks(codes=(code,)))
            sale, _points = bakery.settle(priced, None, mode)
            if live:
                sold.append((sale, priced))
            else:
                rehearsed += 1
        elif step in {"buy", "rehearse"}:
            with pytest.raises(CouponUsed):
                bakery.price(1_000, mode=mode, asks=Asks(codes=(code,)))
        elif sold and step == "return":
            bring_back(bakery, sold.pop()[0])
        elif sold:
            with db.transaction():
                bakery.settle_again(*sold[-1])
        assert left(code) == (uses_each - len(sold), uses_each - rehearsed)
    assert not coupon_invariants.coupons_were_used_as_often_as_they_say().breaches
