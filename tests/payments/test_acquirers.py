"""Card payments are followed to the merchant's own bank: matched when sure, else left to it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import InternalError, connection
from django.db.utils import IntegrityError

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from payments.acquiring import (
    AcquirerUnknown,
    Cards,
    card_legs,
    cards,
    strange_arrivals,
    strange_lines,
    unpaid,
)
from payments.actions.add_bank_account import IbanInvalid
from payments.actions.decide_card import (
    AmountsDiffer,
    CardDecided,
    CardRef,
    explain_card,
    pair_card,
    reopen_card,
)
from payments.actions.gather_tenders import gather_tenders
from payments.actions.match_acquirer import match_acquirer
from payments.actions.put_acquirer import AcquirerNameTaken, put_acquirer
from payments.bankfiles.acquirer import AcquirerMapping
from payments.deciding import ReasonMissing
from payments.models import (
    AcquirerArrival,
    AcquirerBatch,
    AcquirerLine,
    ExternalTender,
)
from payments.tasks import follow, follow_all
from tests.payments.acquirer import (
    HEADING,
    LATER,
    MAPPING,
    TODAY,
    Acquirer,
    account_of,
    by_card,
    contract,
    lines,
    sell_by,
    statement,
    tenders,
)
from tests.payments.books import bank_account, sell
from tests.support.proofs import prove
from tests.support.world import NOW, Place, World

pytestmark = pytest.mark.django_db

YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def shop(world: World) -> Place:
    return world.haarlem


@pytest.fixture
def acquirer(shop: Place) -> Acquirer:
    return contract(shop)


def counted(place: Place) -> Cards:
    with merchant_scope(place.merchant.pk):
        return cards(merchant_id=place.merchant.pk, mode=Mode.LIVE, today=NOW)


def test_a_line_finds_its_sale_by_the_terminals_number(shop: Place, acquirer: Acquirer) -> None:
    by_card(shop, 1_840, "00-1234")
    by_card(shop, 1_840, "1235")
    imported = acquirer.settle(acquirer.row("18,40", "1234", fee="0,12"))
    assert (imported.lines, imported.was_known) == (1, False)
    assert tenders() == [(1_840, "matched", "reference"), (1_840, "open", "")]
    assert lines() == [(1_840, "matched", "reference")]
    prove()


def test_without_a_number_amount_and_day_decide_if_it_cannot_matter(
    shop: Place, acquirer: Acquirer
) -> None:
    for _sale in range(2):
        by_card(shop, 250)
    by_card(shop, 300)
    by_card(shop, 300)
    by_card(shop, 400, at=YESTERDAY)
    rows = [acquirer.row(amount) for amount in ("2,50", "2,50", "3,00", "4,00")]
    acquirer.settle(*rows)
    assert tenders() == [
        *[(250, "matched", "amount_day")] * 2,
        *[(300, "open", "")] * 2,  # one of two: nobody knows which
        (400, "open", ""),  # on another day
    ]
    prove()


def test_what_names_something_else_is_not_guessed(shop: Place, acquirer: Acquirer) -> None:
    by_card(shop, 500, "A-1")
    by_card(shop, 600, "A-2")
    by_card(shop, 700, "A-3", at=NOW - timedelta(days=20))
    acquirer.settle(
        acquirer.row("6,00", "A-1"),  # another amount than that payment's
        acquirer.row("5,00", "A-9"),  # another payment of the same amount
        acquirer.row("7,00", "A-3"),  # the number came round again
    )
    assert {state for _amount, state, _rule in tenders()} == {"open"}
    assert {state for _amount, state, _rule in lines()} == {"open"}


def test_a_number_that_came_round_on_one_day_is_left_to_a_person(
    shop: Place, acquirer: Acquirer
) -> None:
    by_card(shop, 500, "A-1")
    by_card(shop, 500, "A-1")
    acquirer.settle(acquirer.row("5,00", "A-1"))
    assert {state for _amount, state, _rule in tenders()} == {"open"}


def test_the_banks_line_closes_the_road(shop: Place, acquirer: Acquirer) -> None:
    sale = by_card(shop, 10_000, "A-1")
    by_card(shop, 500, "A-2")
    acquirer.settle(acquirer.row("100,00", "A-1", fee="0,85"), acquirer.row("5,00", "A-2"))
    found = counted(shop)
    assert (found.sold.amount, found.to_come.amount, found.arrived.amount) == (0, 10_415, 0)
    assert found.fees.amount == 85
    acquirer.upload(
        statement(
            shop,
            (10_415, "WORLDPIN SETTLEMENT b 100001"),
            (-3_000, "huur november"),
            (99, "een klant"),
        )
    )
    found = counted(shop)
    assert (found.to_come.amount, found.arrived.amount, found.arrived.count) == (0, 10_415, 1)
    with operator_scope("the test looks"):
        (arrival,) = AcquirerArrival.objects.all()  # what else the bank booked is not kept
    assert (arrival.state, arrival.rule) == ("matched", "reference")
    with merchant_scope(shop.merchant.pk):
        leg = card_legs(merchant_id=shop.merchant.pk, sale_id=sale)[1]
    assert (leg.batch and leg.batch.reference, leg.arrivals) == ("B-100001", [arrival])
    prove()


def test_the_bank_may_speak_before_the_acquirer_and_in_parts(
    shop: Place, acquirer: Acquirer
) -> None:
    by_card(shop, 10_000, "A-1")
    acquirer.upload(statement(shop, (6_000, "Worldpin B-100001"), (4_000, "Worldpin")))
    found = counted(shop)
    assert (found.arrived.amount, found.sold.amount) == (0, 10_000)
    acquirer.settle(acquirer.row("100,00", "A-1"))
    found = counted(shop)
    assert (found.arrived.amount, found.to_come.amount) == (10_000, 0)
    with operator_scope("the test looks"):
        assert sorted(AcquirerArrival.objects.values_list("amount", "rule")) == [
            (4_000, "amount_day"),
            (6_000, "reference"),
        ]
    prove()


def test_an_acquirer_that_names_no_batch_pays_by_the_day(shop: Place) -> None:
    plain = AcquirerMapping(amount="Gross", booked_on="Date")
    acquirer = contract(shop, mapping=plain)
    by_card(shop, 500)
    acquirer.upload(b"Date,Gross\n2026-11-17,5.00\n")
    with operator_scope("the test looks"):
        assert AcquirerBatch.objects.get().reference == "2026-11-17"
    acquirer.upload(statement(shop, (500, "Worldpin 17 november")))
    assert counted(shop).arrived.amount == 500


def test_cash_is_in_the_own_till_and_counted_by_the_day(shop: Place, acquirer: Acquirer) -> None:
    sell_by(shop, ("cash", 700, ""), ("pin", 300, "A-1"))
    sell_by(shop, ("cash", 900, ""), at=YESTERDAY)
    gather_tenders(account=account_of(acquirer), now=LATER)
    found = counted(shop)
    assert (found.cash.amount, found.sold.amount) == (700, 300)
    prove()


def test_only_this_merchants_live_sales_since_the_first_day_are_followed(
    world: World, shop: Place, acquirer: Acquirer
) -> None:
    by_card(world.till, 100)
    sell_by(shop, ("pin", 200, ""), mode=Mode.TEST)
    by_card(shop, 300, at=NOW - timedelta(days=40))
    sell(shop, bank_account(world.alice), 400)
    by_card(shop, 500)
    gather_tenders(account=account_of(acquirer), now=LATER)
    assert [amount for amount, *_ in tenders()] == [500]
    prove()


def test_the_task_reads_on_from_where_it_was_and_finds_a_late_past(
    shop: Place, acquirer: Acquirer
) -> None:
    by_card(shop, 100)
    follow()
    assert [amount for amount, *_ in tenders()] == [100]
    assert account_of(acquirer).gathered_until is not None
    by_card(shop, 200, at=NOW - timedelta(days=20))  # imported later
    follow()
    assert [amount for amount, *_ in tenders()] == [100]
    follow_all()
    assert sorted(amount for amount, *_ in tenders()) == [100, 200]
    acquirer.settle(acquirer.row("1,00"))
    assert counted(shop).sold.amount == 200


def test_a_file_reads_again_the_sales_that_it_is_about(shop: Place, acquirer: Acquirer) -> None:
    follow()
    by_card(shop, 200, at=NOW - timedelta(days=20))
    acquirer.settle(acquirer.row("2,00", day="28-10-2026"))
    assert tenders() == [(200, "matched", "amount_day")]


def test_the_same_file_twice_changes_nothing(shop: Place, acquirer: Acquirer) -> None:
    by_card(shop, 500, "A-1")
    content = "\n".join([HEADING, acquirer.row("5,00", "A-1")]).encode()
    first = acquirer.upload(content)
    again = acquirer.upload(content, name="renamed.csv")
    assert (again.file_id, again.was_known) == (first.file_id, True)
    bank = statement(shop, (500, "Worldpin B-100001"))
    assert not acquirer.upload(bank).was_known
    assert acquirer.upload(bank).was_known
    assert counted(shop).arrived.amount == 500
    assert AuditEntry.objects.filter(action="acquirer_file_imported").count() == 2
    prove()


def refs(place: Place) -> tuple[AcquirerLine, ExternalTender]:
    with operator_scope("the test looks"):
        line = AcquirerLine.objects.get(state="open")
        tender = ExternalTender.objects.get(state="open")
    assert line.merchant_id == tender.merchant_id == place.merchant.pk
    return line, tender


def test_the_merchant_pairs_explains_and_takes_back(shop: Place, acquirer: Acquirer) -> None:
    by_card(shop, 500, "A-1")
    acquirer.settle(acquirer.row("5,00", "A-8"))
    line, tender = refs(shop)
    mine: dict[str, Any] = {"merchant_id": shop.merchant.pk, "mode": Mode.LIVE, "actor": SYSTEM}
    sold = CardRef("tender", tender.sale_id, tender.number)
    pair_card(**mine, line_id=line.pk, tender=sold)
    assert (tenders(), lines()) == ([(500, "matched", "person")], [(500, "matched", "person")])
    prove()
    with pytest.raises(CardDecided):
        pair_card(**mine, line_id=line.pk, tender=sold)
    with pytest.raises(CardDecided):
        explain_card(**mine, card=sold, reason="?")
    reopen_card(**mine, card=CardRef("line", line.pk))
    assert (tenders(), lines()) == ([(500, "open", "")], [(500, "open", "")])
    explain_card(**mine, card=sold, reason="  paid in   cash after all ")
    explain_card(**mine, card=CardRef("line", line.pk), reason="a gift card of the mall")
    assert (tenders(), lines()) == ([(500, "explained", "person")], [(500, "explained", "person")])
    prove()
    reopen_card(**mine, card=sold)
    with pytest.raises(CardDecided):
        reopen_card(**mine, card=sold)
    assert tenders() == [(500, "open", "")]
    acts = AuditEntry.objects.filter(merchant_id=shop.merchant.pk, action__startswith="card_")
    assert [(act.action, act.object_type) for act in acts.order_by("pk")] == [
        ("card_paired", "card_tender"),
        ("card_reopened", "card_line"),
        ("card_explained", "card_tender"),
        ("card_explained", "card_line"),
        ("card_reopened", "card_tender"),
    ]
    assert acts.filter(data__reason="paid in cash after all").exists()


def test_a_batch_that_came_is_taken_back_and_found_again(shop: Place, acquirer: Acquirer) -> None:
    acquirer.settle(acquirer.row("5,00"))
    acquirer.upload(statement(shop, (500, "Worldpin B-100001"), (-20, "Worldpin huur")))
    mine: dict[str, Any] = {"merchant_id": shop.merchant.pk, "mode": Mode.LIVE, "actor": SYSTEM}
    with operator_scope("the test looks"):
        came, rent = AcquirerArrival.objects.order_by("pk")
    assert (came.state, rent.state) == ("matched", "open")
    reopen_card(**mine, card=CardRef("arrival", came.pk))
    assert counted(shop).arrived.amount == 0
    prove()
    explain_card(**mine, card=CardRef("arrival", rent.pk), reason="rent of the terminal")
    assert match_acquirer(merchant_id=shop.merchant.pk, mode="live", now=LATER, actor=SYSTEM) == 1
    assert counted(shop).arrived.amount == 500
    with merchant_scope(shop.merchant.pk):
        assert not strange_arrivals(merchant_id=shop.merchant.pk, mode="live", limit=5)
    prove()


def test_what_cannot_be_decided_is_refused(world: World, shop: Place, acquirer: Acquirer) -> None:
    sell_by(shop, ("pin", 500, "A-1"), ("cash", 100, ""))
    acquirer.settle(acquirer.row("6,00", "A-8"))
    line, tender = refs(shop)
    sold, cash = (CardRef("tender", tender.sale_id, number) for number in (1, 2))
    mine: dict[str, Any] = {"merchant_id": shop.merchant.pk, "mode": Mode.LIVE, "actor": SYSTEM}
    theirs = mine | {"merchant_id": world.till.merchant.pk}
    test = mine | {"mode": Mode.TEST}

    def refused(refusal: type[Refusal], act: Callable[[], None]) -> None:
        with pytest.raises(refusal):
            act()
        assert {state for _, state, _ in [*tenders()[:1], *lines()]} == {"open"}

    refused(AmountsDiffer, lambda: pair_card(**mine, line_id=line.pk, tender=sold))
    refused(AcquirerUnknown, lambda: pair_card(**mine, line_id=0, tender=sold))
    refused(AcquirerUnknown, lambda: pair_card(**mine, line_id=line.pk, tender=cash))
    refused(ReasonMissing, lambda: explain_card(**mine, card=sold, reason=" "))
    refused(AcquirerUnknown, lambda: explain_card(**mine, card=cash, reason="?"))
    refused(AcquirerUnknown, lambda: reopen_card(**mine, card=cash))
    for others in (theirs, test):
        refused(AcquirerUnknown, lambda: pair_card(**others, line_id=line.pk, tender=sold))  # noqa: B023 -- called at once
        refused(AcquirerUnknown, lambda: explain_card(**others, card=sold, reason="?"))  # noqa: B023 -- called at once
        refused(AcquirerUnknown, lambda: reopen_card(**others, card=sold))  # noqa: B023 -- called at once


def test_a_contract_is_put_and_changed_by_its_own_merchant(world: World, shop: Place) -> None:
    acquirer = contract(shop)
    facts: dict[str, Any] = {
        "mode": Mode.LIVE,
        "iban": "",
        "mapping": MAPPING,
        "since": TODAY,
        "now": NOW,
        "actor": SYSTEM,
    }
    mine = facts | {"merchant_id": shop.merchant.pk}
    put_acquirer(**mine, name="  Other   name ", account_id=acquirer.account_id)
    assert (account_of(acquirer).name, account_of(acquirer).iban) == ("Other name", "")
    assert AcquirerMapping.from_json(account_of(acquirer).mapping) == MAPPING
    contract(shop)
    with pytest.raises(AcquirerNameTaken):
        put_acquirer(**mine, name="Worldpin")
    with pytest.raises(IbanInvalid):
        put_acquirer(**mine | {"iban": "NL00"}, name="X")
    with pytest.raises(AcquirerUnknown):
        put_acquirer(
            **facts, merchant_id=world.till.merchant.pk, name="X", account_id=acquirer.account_id
        )
    assert account_of(acquirer).name == "Other name"


def test_both_lists_go_by_pages(shop: Place, acquirer: Acquirer) -> None:
    for amount in range(1, 6):
        by_card(shop, amount, at=NOW + timedelta(seconds=amount))
    acquirer.settle(*(acquirer.row(f"9,0{number}") for number in range(5)))
    here: dict[str, Any] = {"merchant_id": shop.merchant.pk, "mode": Mode.LIVE}
    with merchant_scope(shop.merchant.pk):
        seen: list[int] = []
        after: tuple[datetime, int] | None = None
        while rows := unpaid(**here, after=after, limit=2):
            seen += [row.amount for row in rows]
            after = (rows[-1].sold_at, rows[-1].sale_id)
        assert seen == [1, 2, 3, 4, 5]
        first = strange_lines(**here, after=None, limit=3)
        rest = strange_lines(**here, after=first[-1].pk, limit=3)
    assert [line.amount for line in [*first, *rest]] == [900, 901, 902, 903, 904]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_acquirer_line SET amount = 1",
        "DELETE FROM payments_acquirer_line",
        "UPDATE payments_acquirer_file SET name = 'x'",
        "UPDATE payments_acquirer_batch SET gross = 1",
        "UPDATE payments_external_tender SET amount = 1",
        "DELETE FROM payments_external_tender",
        "UPDATE payments_external_tender SET state = 'matched'",
    ],
)
def test_what_was_said_stays_as_it_was(shop: Place, acquirer: Acquirer, sql: str) -> None:
    by_card(shop, 500, "A-1")
    acquirer.settle(acquirer.row("6,00", "A-1"))
    with pytest.raises((IntegrityError, InternalError)), connection.cursor() as cursor:
        cursor.execute(sql)
