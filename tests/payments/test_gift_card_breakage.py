"""What is left on cards that expired long ago is written off once, and can come back."""

from datetime import date, timedelta

import pytest

from okplatform.kernel import clock
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.models import Role
from payments.actions.write_off_gift_cards import (
    NotWrittenOff,
    TooEarly,
    WriteOffMoved,
    months_before,
)
from payments.gift_card_queries import outstanding, written_off
from payments.gift_cards import GiftCardBlocked
from payments.models import GiftCard, Posting
from tests.payments.gift_cards import Cards, on
from tests.payments.test_gift_card_pages import staff, text
from tests.support.proofs import prove
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db
PAGE = "/console/bakkerij-bol/gift-cards/expired/"


@pytest.fixture
def cards(world: World) -> Cards:
    return Cards(world.till).start(valid_months=1)


def owed(cards: Cards) -> tuple[int, int]:
    merchant = cards.place.merchant.pk
    with merchant_scope(merchant):
        return (
            outstanding(merchant_id=merchant, mode="live"),
            written_off(merchant_id=merchant, mode="live"),
        )


def test_only_what_is_left_on_cards_that_are_over_for_a_year_is_written_off(cards: Cards) -> None:
    old, spent = cards.load(1_000), cards.load(500)
    cards.spend(spent, 500)
    young = cards.start(valid_months=24).load(2_000)
    for_ever = cards.start().load(3_000)

    gone = cards.write_off(1_000)

    assert gone == (1, 1_000)
    assert [on(card) for card in (old, spent, young, for_ever)] == [0, 0, 2_000, 3_000]
    assert (cards.broke(), cards.issued()) == (1_000, -6_000)
    assert owed(cards) == (5_000, 1_000)
    assert Posting.objects.filter(kind="gift_card_lapsed").count() == 1
    prove()


def test_said_again_or_with_another_amount_nothing_is_written_off(cards: Cards) -> None:
    card = cards.load(1_000)
    with pytest.raises(WriteOffMoved):
        cards.write_off(999)
    assert (on(card), cards.broke()) == (1_000, 0)
    cards.write_off(1_000)
    with pytest.raises(WriteOffMoved):
        cards.write_off(1_000)
    with pytest.raises(WriteOffMoved):
        cards.write_off(0)
    assert (on(card), cards.broke()) == (0, 1_000)
    prove()


def test_within_a_year_it_is_too_early(cards: Cards) -> None:
    card = cards.load(1_000)
    with pytest.raises(TooEarly):
        cards.write_off(1_000, months=11)
    with pytest.raises(WriteOffMoved):
        cards.write_off(1_000, days=380)
    assert (on(card), cards.broke()) == (1_000, 0)


def test_a_card_is_brought_back_once_and_pays_again(cards: Cards) -> None:
    card = cards.load(1_000)
    with pytest.raises(NotWrittenOff):
        cards.revive(card)
    cards.write_off(1_000)
    cards.revive(card)
    assert (on(card), cards.broke(), owed(cards)) == (1_000, 0, (1_000, 0))
    with pytest.raises(NotWrittenOff):
        cards.revive(card)
    cards.spend(card, 400, days=900 + 360)
    assert on(card) == 600
    prove()
    # And it may be written off anew, once it is over for a year again.
    assert cards.write_off(600, days=900 + 800) == (1, 600)
    cards.revive(card, days=900 + 801)
    assert on(card) == 600
    prove()


def test_a_card_that_was_replaced_is_not_brought_back(cards: Cards) -> None:
    card, other = cards.load(1_000), cards.load(500)
    cards.write_off(1_500)
    with operator_scope("a test replaces a card"):
        GiftCard.objects.filter(pk=card.pk).update(state="replaced", replaced_by=other)
    with pytest.raises(GiftCardBlocked):
        cards.revive(card)
    assert on(card) == 0


def test_who_keeps_the_books_writes_off_what_the_page_shows(world: World, cards: Cards) -> None:
    card = cards.load(1_000)
    fay = staff(world, Role.FINANCE)
    later = NOW + timedelta(days=800)
    with clock.told_by(lambda: later):
        assert "€10.00 is left on 1 card" in text(fay.get(PAGE))
        assert "Nothing is left on such cards" in text(fay.get(PAGE, {"months": "60"}))
        said = {"months": "12", "shown": "1000"}
        assert fay.post(PAGE, said).status_code == 422
        assert "Another amount" in text(
            fay.post(PAGE, {**said, "shown": "1", "reason": "Year end"}, follow=True)
        )
        assert on(card) == 1_000
        done = text(fay.post(PAGE, {**said, "reason": "Year end"}, follow=True))
        assert "€10.00 was written off." in done
        assert (on(card), cards.broke()) == (0, 1_000)
        file = fay.get("/console/bakkerij-bol/gift-cards/months.csv").content.decode()
        assert file.splitlines()[-1].split(",")[-2:] == ["10.00", "0.00"]
        page = f"/console/bakkerij-bol/gift-cards/{card.pk}/"
        assert "€10.00 was written off on it" in text(fay.get(page))
        assert "Say why" in text(fay.post(f"{page}revival/", {"reason": " "}, follow=True))
        back = text(fay.post(f"{page}revival/", {"reason": "Good will"}, follow=True))
    assert "good for a year" in back
    assert on(card) == 1_000
    with operator_scope("a test looks"):
        rows = AuditEntry.objects.filter(action__in=("gift_cards_written_off", "gift_card_revived"))
        assert [row.data["reason"] for row in rows.order_by("pk")] == ["Year end", "Good will"]
    prove()


def test_managers_and_cashiers_do_not(world: World, cards: Cards) -> None:
    card = cards.load(1_000)
    cards.write_off(1_000)
    mia = staff(world, Role.MANAGER)
    page = f"/console/bakkerij-bol/gift-cards/{card.pk}/"
    assert mia.get(PAGE).status_code == 403
    assert mia.post(f"{page}revival/", {"reason": "Good will"}).status_code == 403
    assert "written off on it" not in text(mia.get(page))
    assert on(card) == 0


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 23), 12, date(2025, 11, 23)),
        (date(2028, 2, 29), 12, date(2027, 3, 1)),
        (date(2026, 1, 31), 14, date(2024, 12, 1)),
        (date(2026, 1, 31), 13, date(2024, 12, 31)),
    ],
)
def test_months_are_counted_back_by_the_calendar(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
