"""The retailer sees where each euro is, to the cent, and nobody else's."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from okplatform.trade.models import Sale
from payments.actions.gather_items import gather_items
from payments.calendar import Schedule, cut, next_cut
from payments.gateways.bank_folder import BankFolder
from payments.models import BankAccount, HouseAccount, PayoutTerms
from payments.whereabouts import Item, Place, items_of, parts_of, roads, waiting_items, whereabouts
from tests.payments.books import close, held, owed_to, sell
from tests.payments.settling import (
    DUE,
    bank_books,
    bank_returns,
    bank_says,
    booked,
    deliver_all,
    our_account,
    pay_out,
    payouts,
)
from tests.support.signing_in import sign_in
from tests.support.world import NOW, World

TOMORROW = NOW + timedelta(days=1)
CONSOLE = "/console/boekhandel-kramer"
MONEY, PAYOUTS, TERMS = f"{CONSOLE}/money/", f"{CONSOLE}/payouts/", f"{CONSOLE}/payouts/terms/"


@pytest.fixture
def ours(world: World) -> HouseAccount:
    return our_account()


@pytest.fixture
def hers(client: Client, olga: Person) -> Client:
    """Olga's browser; she owns Boekhandel Kramer."""
    sign_in(client, olga)
    client.cookies["django_language"] = "en"
    return client


def text(response: object) -> str:
    page = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(page.replace("\N{NO-BREAK SPACE}", " ").split())


def uuid_of(sale_id: int, world: World) -> str:
    with merchant_scope(world.kramer.merchant.pk):
        return str(Sale.objects.get(pk=sale_id).uuid)


def step(page: str, name: str) -> str:
    return page.partition(f'data-step="{name}">')[2].partition("<")[0]


def amounts(world: World) -> list[int]:
    """Return what the page adds up, from the last sale to the bank."""
    found = whereabouts(merchant_id=world.kramer.merchant.pk, mode=Mode.LIVE)
    steps = (found.waiting, found.ordered, found.at_bank, found.paid)
    return [found.fresh, *(one.amount for one in steps)]


def test_every_euro_is_at_one_step_and_the_steps_are_the_ledger(
    world: World, account: BankAccount, ours: HouseAccount, tmp_path: object
) -> None:
    first = sell(world.haarlem, account, 1_840)
    assert amounts(world) == [1_840, 0, 0, 0, 0]
    gather_items()
    assert amounts(world) == [0, 1_840, 0, 0, 0]
    pay_out(TOMORROW)
    assert amounts(world) == [0, 0, 1_840, 0, 0]
    deliver_all(BankFolder(tmp_path))  # type: ignore[arg-type]
    assert amounts(world) == [0, 0, 0, 1_840, 0]
    sell(world.leiden, account, 260)
    assert amounts(world) == [260, 0, 0, 1_840, 0]
    (payout,) = payouts()
    bank_books(payout)
    gather_items()
    assert amounts(world) == [0, 260, 0, 0, 1_840]
    assert held(owed_to(world.haarlem)) == 260
    found = whereabouts(merchant_id=world.kramer.merchant.pk, mode=Mode.LIVE)
    assert (found.owed, found.under_way, found.total) == (260, 0, 2_100)
    assert (found.waiting.count, found.paid.count, found.paid.last_day) == (1, 1, DUE)
    ((leg,),) = roads(merchant_id=world.kramer.merchant.pk, mode=Mode.LIVE, sale_id=first)
    assert (leg.payout_id, leg.payout_amount, leg.statement) == (payout.pk, 1_840, "1")
    assert leg.paid_on is not None


def test_money_that_came_back_waits_again_and_its_road_goes_on(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sale = sell(world.haarlem, account, 1_840)
    pay_out(TOMORROW)
    (payout,) = payouts()
    bank_returns(payout, "AC04", same_day=True)
    gather_items()
    assert amounts(world) == [0, 1_840, 0, 0, 0]
    ((went, again),) = roads(merchant_id=world.kramer.merchant.pk, mode=Mode.LIVE, sale_id=sale)
    assert (went.payout_id, went.reason) == (payout.pk, "AC04")
    assert (again.payout_id, again.is_counted) == (None, True)


def test_a_merchant_without_money_has_none_anywhere(world: World) -> None:
    found = whereabouts(merchant_id=world.kramer.merchant.pk, mode=Mode.LIVE)
    assert (found.owed, found.fresh, found.total) == (0, 0, 0)
    assert roads(merchant_id=world.kramer.merchant.pk, mode=Mode.LIVE, sale_id=0) == []


def test_a_payout_drills_down_to_the_cent_page_by_page(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    for amount in range(1, 8):
        sell(world.haarlem, account, amount)
    pay_out(TOMORROW)
    (payout,) = payouts()
    mine = {"merchant_id": world.kramer.merchant.pk, "payout_id": payout.pk}
    (part,) = parts_of(**mine)
    assert (part.kind, part.count, part.amount) == ("sale_paid", 7, payout.amount)
    seen: list[Item] = []
    after = None
    while rows := items_of(**mine, mode=Mode.LIVE, after=after, limit=3):
        seen += rows
        after = Place(rows[-1].booked_at, rows[-1].posting_id)
    assert [item.amount for item in seen] == list(range(1, 8))
    assert {item.store for item in seen} == {"Haarlem"}
    other = world.till.merchant.pk
    assert (
        items_of(merchant_id=other, payout_id=payout.pk, mode=Mode.LIVE, after=None, limit=3) == []
    )
    assert parts_of(merchant_id=other, payout_id=payout.pk) == []
    assert waiting_items(merchant_id=other, mode=Mode.LIVE, after=None, limit=3) == []


def test_the_page_says_where_the_money_is_and_adds_up(
    world: World, hers: Client, account: BankAccount, ours: HouseAccount
) -> None:
    sell(world.haarlem, account, 1_840)
    pay_out(TOMORROW)
    sell(world.leiden, account, 260)
    page = text(hers.get(MONEY))
    assert "Just sold" in page
    assert (step(page, "ordered"), step(page, "total")) == ("€18.40", "€21.00")
    assert "OK keeps €2.60 for you now" in page
    gather_items()
    page = text(hers.get(MONEY))
    assert step(page, "waiting") == "€2.60"
    assert "Just sold" not in page
    assert "Leiden" in text(hers.get(f"{MONEY}waiting/"))


def test_one_sale_is_found_by_its_number_or_its_amount(
    world: World, hers: Client, account: BankAccount, ours: HouseAccount
) -> None:
    number = uuid_of(sell(world.haarlem, account, 1_840), world)
    theirs = sell(world.till, account, 1_840)
    with merchant_scope(world.till.merchant.pk):
        others = str(Sale.objects.get(pk=theirs).uuid)
    day = NOW.date().isoformat()
    for asked in (number, number[:8], number[:4].upper(), "18,40", "€ 18.40", ""):
        page = text(hers.get(MONEY, {"sale": asked, "day": day}))
        assert f"{MONEY}sales/{number}/" in page, asked
        assert others not in page
    for asked in ("18,41", "nobody", "a", others, "' OR 1=1"):
        page = text(hers.get(MONEY, {"sale": asked, "day": day}))
        assert number not in page, asked
        assert "No sale like that." in page
    assert "No sale like that." in text(hers.get(MONEY, {"sale": "18,40", "day": "2026-11-16"}))
    assert hers.get(MONEY, {"sale": "x", "day": "2026-99-99"}).status_code == 200


def test_a_sale_shows_its_road_to_the_banks_line(
    world: World, hers: Client, account: BankAccount, ours: HouseAccount, tmp_path: object
) -> None:
    number = uuid_of(sell(world.haarlem, account, 1_840), world)
    address = f"{MONEY}sales/{number}/"
    assert "It joins what waits within a minute." in text(hers.get(address))
    gather_items()
    assert "Waits for a payout" in text(hers.get(address))
    pay_out(TOMORROW)
    page = text(hers.get(address))
    assert "In a payout of €18.40" in page
    assert "goes to the bank now" in page
    assert "The bank will book it" in page
    deliver_all(BankFolder(tmp_path))  # type: ignore[arg-type]
    (payout,) = payouts()
    bank_books(payout)
    page = text(hers.get(address))
    assert "The bank has booked it" in page
    assert f"statement 1, as {payout.end_to_end_id}" in page
    bank_says(ours, booked(payout, "AC04"))
    page = text(hers.get(address))
    assert "It came back, and is booked for you again" in page
    assert "Just booked again" in page
    gather_items()
    page = text(hers.get(address))
    assert "Payouts are paused until you have checked your account." in page
    assert "A payout came back from your bank (AC04)." in text(hers.get(PAYOUTS))


def test_what_paid_a_sale_otherwise_is_said_too(world: World, hers: Client) -> None:
    with transaction():
        sale = close(world.haarlem, ("cash", 500), ("points", 100))
    page = text(hers.get(f"{MONEY}sales/{uuid_of(sale, world)}/"))
    assert "In your own till." in page
    assert "Nothing is paid out for this part." in page


def test_payouts_are_listed_newest_first_and_by_pages(
    world: World, hers: Client, account: BankAccount, ours: HouseAccount
) -> None:
    assert "No payouts yet" in text(hers.get(PAYOUTS))
    for day in range(1, 4):
        sell(world.haarlem, account, day * 100)
        pay_out(NOW + timedelta(days=day))
    made = payouts()
    assert made
    page = text(hers.get(PAYOUTS))
    assert "NL20 INGB 0001 2345 67" in page
    for payout in made:
        assert f"{PAYOUTS}{payout.pk}/" in page
    before = text(hers.get(PAYOUTS, {"before": made[0].pk}))
    assert f"{PAYOUTS}{made[0].pk}/" not in before
    assert "To the newest" in before
    assert hers.get(PAYOUTS, {"before": "9" * 30}).status_code == 200
    shown = text(hers.get(f"{PAYOUTS}{made[0].pk}/"))
    assert made[0].end_to_end_id in shown
    assert "Sales paid with OK" in shown
    assert hers.get(f"{PAYOUTS}{made[0].pk}/", {"after": "nonsense"}).status_code == 200


SAID = {
    "schedule": "weekly",
    "iban": "nl91 abna 0417 1643 00",
    "holder": "Kramer B.V.",
    "threshold": "50.00",
    "reserve": "100.00",
}


def test_terms_are_set_and_a_pause_ends(world: World, hers: Client, olga: Person) -> None:
    answer = hers.post(TERMS, SAID, follow=True)
    assert "Saved. It counts from the next payout." in text(answer)
    assert "Every week" in text(answer)
    with merchant_scope(world.kramer.merchant.pk):
        terms = PayoutTerms.objects.get()
    assert (terms.iban, terms.schedule) == ("NL91ABNA0417164300", "weekly")
    assert (terms.threshold, terms.reserve, terms.paused_reason) == (5_000, 10_000, "")
    assert AuditEntry.objects.get(action="payout_terms_set").actor_kind == "membership"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"iban": "NL91ABNA0417164301"}, "This is not an account number (IBAN)."),
        ({"schedule": "yearly"}, "Select a valid choice."),
        ({"threshold": "0"}, "greater than or equal to 0.01"),
        ({"reserve": "-1"}, "greater than or equal to 0"),
        ({"threshold": "1.001"}, "no more than 2 decimal places"),
        ({"holder": " "}, "This field is required."),
    ],
)
def test_wrong_terms_are_refused_beside_their_field(
    hers: Client, wrong: dict[str, str], sentence: str
) -> None:
    answer = hers.post(TERMS, SAID | wrong)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not AuditEntry.objects.filter(action="payout_terms_set").exists()


def test_who_sees_the_money(world: World, account: BankAccount, ours: HouseAccount) -> None:
    sale = uuid_of(sell(world.haarlem, account, 100), world)
    pay_out(TOMORROW)
    pages = [
        MONEY,
        f"{MONEY}waiting/",
        f"{MONEY}sales/{sale}/",
        PAYOUTS,
        f"{PAYOUTS}{payouts()[0].pk}/",
        TERMS,
    ]
    grant_membership(
        person_id=world.bob.pk,
        merchant_id=world.kramer.merchant.pk,
        role=Role.FINANCE,
        actor=SYSTEM,
    )
    grant_membership(
        person_id=world.alice.pk,
        merchant_id=world.kramer.merchant.pk,
        role=Role.MANAGER,
        actor=SYSTEM,
    )

    def answers(person: Person | None) -> set[int]:
        client = Client()
        if person:
            client.force_login(person)
        return {client.get(page).status_code for page in pages}

    assert answers(world.olga) == answers(world.bob) == {200}
    assert answers(world.alice) == {403}
    assert answers(world.charlie) == {404}
    assert answers(None) == {302}


def test_what_is_of_another_merchant_is_not_found(
    world: World, hers: Client, account: BankAccount, ours: HouseAccount
) -> None:
    theirs = sell(world.till, account, 100)
    pay_out(TOMORROW)
    with merchant_scope(world.till.merchant.pk):
        number = Sale.objects.get(pk=theirs).uuid
    assert hers.get(f"{MONEY}sales/{number}/").status_code == 404
    assert hers.get(f"{MONEY}sales/{uuid4()}/").status_code == 404
    assert hers.get(f"{PAYOUTS}{payouts()[0].pk}/").status_code == 404


@pytest.mark.parametrize("schedule", [Schedule.HOURLY, Schedule.DAILY, Schedule.WEEKLY])
@pytest.mark.parametrize("now", [NOW, datetime(2026, 10, 24, 23, 30, tzinfo=UTC)])
def test_the_next_cut_is_the_first_one_after_now(schedule: Schedule, now: datetime) -> None:
    following = next_cut(schedule, now)
    assert following > now
    assert cut(schedule, following) == following
    assert cut(schedule, following - timedelta(seconds=1)) == cut(schedule, now)


def test_at_once_is_now() -> None:
    assert next_cut(Schedule.INSTANT, NOW) == NOW
