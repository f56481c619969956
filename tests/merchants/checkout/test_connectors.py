"""A chain's own loyalty system is asked at the scan and told of the sale, and never stops one."""

import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from loyalty.actions.put_connector import (
    ConnectorAddressNotAllowed,
    ConnectorLimitNotAllowed,
    put_connector,
    stop_connector,
)
from loyalty.connector import FAILURES_BEFORE_REST
from loyalty.connector_invariants import connected_sales_gave_what_was_said
from loyalty.models import Connector, Member
from loyalty.queries.connectors import pseudonyms_of
from okplatform.kernel import clock, db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.trade.models import SaleLine
from tests.loyalty.bakery import Bakery
from tests.merchants.checkout.connecting import connect, recognise, row
from tests.support.chain import Chain, says
from tests.support.counter import Counter, basket, join, paying, settle_events, show
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import NOW
from wallet.actions.withdraw_consent import withdraw_consent
from wallet.models import Disclosure

pytestmark = pytest.mark.django_db

WITHOUT = "De Club antwoordt niet. De verkoop gaat door zonder die voordelen."


def reasons(uuid: str) -> list[Any]:
    with operator_scope("the test looks"):
        lines = SaleLine.objects.filter(sale__uuid=UUID(uuid)).order_by("number")
        return [line.reasons for line in lines]


def sold_to(person: Person) -> int:
    with operator_scope("the test looks"):
        return int(Member.objects.get(person=person).pk)


def looks(person: Person) -> list[tuple[str, str]]:
    with operator_scope("the test looks"):
        found = Disclosure.objects.filter(person=person).order_by("pk")
        return [(one.actor_name, one.what) for one in found]


def test_what_the_chain_gives_is_taken_off_and_explained(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone, alice: Person
) -> None:
    sold = counter.sell(phone).json()
    assert (sold["gross"], sold["discount"], sold["due"]) == (1_100, 60, 1_040)
    assert [line["discounts"] for line in sold["lines"]] == [
        [],
        [{"text": "Clubprijs koffie", "because": "De Club", "amount": 60}],
    ]
    assert sold["other_programme"] == {
        "name": "De Club",
        "state": "answered",
        "balance": 120,
        "unit": "clubpunten",
        "sentence": "Vraag naar de spaarzegels.",
    }
    (bread, (coffee,)) = reasons(sold["uuid"])
    assert bread == []
    assert (coffee["kind"], coffee["id"], coffee["amount"]) == ("connector", row().pk, 60)
    assert coffee["because"] == {"nl": "De Club", "en": "De Club"}
    assert looks(alice) == [("De Club", "visits")]
    # What it knows her by goes along when she takes her data.
    (known,) = pseudonyms_of([sold_to(alice)])
    assert known[1:] == ("De Club", chain.questions[0]["member"])
    settle_events()
    prove()


def test_the_chain_learns_a_pseudonym_and_the_basket_and_no_more(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone, alice: Person
) -> None:
    counter.sell(phone)
    counter.sell(phone)
    first, second = chain.questions
    assert set(first) == {"member", "mode", "sale", "revision", "store", "currency", "lines"}
    assert first["member"] == second["member"] != str(alice.pk)
    assert len(first["member"]) == 26
    assert alice.name not in str(first)
    assert [line["gross"] for line in first["lines"]] == [840, 260]
    assert chain.refused == 0


def test_a_price_stands_from_the_quote_to_the_payment(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone
) -> None:
    uuid = uuid4()
    quoted = counter.put(uuid, basket(code=show(phone))).json()
    assert (quoted["due"], quoted["other_programme"]["balance"]) == (1_040, 120)
    assert counter.get(uuid).json()["other_programme"]["state"] == "answered"
    chain.answer = says(b"", status=500)
    paid = counter.pay(uuid, {"revision": 1, **paying()}).json()
    assert (paid["verdict"], paid["due"]) == ("happened", 1_040)
    assert len(chain.questions) == 1
    # Of the sale read back the lines still say why.
    again = counter.get(uuid).json()
    assert again["other_programme"] is None
    assert again["lines"][1]["discounts"][0]["because"] == "De Club"


def test_it_gives_no_more_than_our_offers_left(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone
) -> None:
    connected.offer()
    all_of_bread = {"line": 1, "amount": 840, "text": "Brood gratis"}
    chain.answer = says({"balance": 1, "benefits": [all_of_bread]})
    bread = {"sku": "desem", "name": "Brood", "quantity": 2, "unit_price": 420, "vat_rate": 900}
    sold = counter.sell(phone, {**bread, "category": "brood"}).json()
    assert [one["amount"] for one in sold["lines"][0]["discounts"]] == [84, 756]
    assert sold["due"] == 0
    assert reasons(sold["uuid"])[0][1]["amount"] == 756


def test_money_off_the_basket_is_spread_over_its_lines(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone
) -> None:
    chain.answer = says({"benefits": [{"amount": 110, "text": "Clubkorting"}]})
    sold = counter.sell(phone).json()
    assert [line["discount"] for line in sold["lines"]] == [84, 26]
    assert (sold["other_programme"]["balance"], sold["due"]) == (None, 990)


COFFEE = {"line": 2, "amount": 60, "text": "Koffie"}


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"<html>Welcome</html>",
        b"[]",
        b"[" * 9_000,
        b'{"balance": 5, "sentence": "' + b"x" * 20_000 + b'"}',
        {"balance": -1},
        {"balance": "120"},
        {"balance": True},
        {"balance": 12.5},
        {"sentence": "two\nlines"},
        {"sentence": "x" * 141},
        {"unit": None},
        {"benefits": {}},
        {"benefits": ["coffee"]},
        {"benefits": [{**COFFEE, "amount": -60}]},
        {"benefits": [{**COFFEE, "amount": 0}]},
        {"benefits": [{**COFFEE, "amount": 261}]},
        {"benefits": [{**COFFEE, "amount": 200}, COFFEE, {**COFFEE, "line": 1}, COFFEE]},
        {"benefits": [{"amount": 1_101, "text": "Alles"}]},
        {"benefits": [{"amount": 1_050, "text": "Bijna alles"}, COFFEE]},
        {"benefits": [{**COFFEE, "line": 3}]},
        {"benefits": [{**COFFEE, "line": True}]},
        {"benefits": [{**COFFEE, "line": {}}]},
        {"benefits": [{**COFFEE, "amount": 2**70}]},
        {"benefits": [{"line": 2, "amount": 60}]},
        {"benefits": [{**COFFEE, "text": {"nl": "Koffie"}}]},
        {"benefits": [{**COFFEE, "amount": 1}] * 51},
    ],
)
def test_an_answer_that_cannot_be_right_counts_not_at_all(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone, said: Any
) -> None:
    chain.answer = says(said)
    sold = counter.sell(phone).json()
    assert (sold["verdict"], sold["due"]) == ("happened", 1_100)
    assert (sold["other_programme"]["state"], row().failures) == ("wrong", 1)
    assert sold["other_programme"]["sentence"] == WITHOUT


def test_who_is_slow_is_not_waited_for(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone
) -> None:
    connect(connected, chain, limit_ms=100)
    chain.answer = lambda _handler: chain.over.wait(5)
    began = time.monotonic()
    sold = counter.sell(phone).json()
    assert time.monotonic() - began < 2
    assert (sold["verdict"], sold["due"]) == ("happened", 1_100)
    assert sold["other_programme"]["state"] == "unreachable"
    assert (row().failures, row().last_error) == (1, "timeout")


def test_after_failures_in_a_row_nothing_is_asked_until_one_probe_succeeds(
    connected: Bakery,
    counter: Counter,
    chain: Chain,
    phone: Phone,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chain.answer = says({}, status=503)
    states = [
        counter.sell(phone).json()["other_programme"]["state"]
        for _sale in range(FAILURES_BEFORE_REST + 3)
    ]
    assert states == ["unreachable"] * FAILURES_BEFORE_REST + ["resting"] * 3
    assert len(chain.questions) == FAILURES_BEFORE_REST
    chain.answer = None
    db.call("UPDATE loyalty_connector SET rests_until = %s", [clock.now()])
    sold = counter.sell(phone).json()
    assert (sold["other_programme"]["state"], sold["due"]) == ("answered", 1_040)
    assert (row().failures, row().rests_until) == (0, None)
    assert counter.sell(phone).json()["due"] == 1_040


def test_a_probe_that_fails_rests_again(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone
) -> None:
    chain.answer = says({}, status=503)
    for _sale in range(FAILURES_BEFORE_REST):
        counter.sell(phone)
    db.call("UPDATE loyalty_connector SET rests_until = %s", [clock.now()])
    assert counter.sell(phone).json()["other_programme"]["state"] == "unreachable"
    assert counter.sell(phone).json()["other_programme"]["state"] == "resting"
    assert len(chain.questions) == FAILURES_BEFORE_REST + 1


def test_who_is_no_member_or_is_not_to_be_recognised_is_not_asked_about(
    bakery: Bakery, counter: Counter, chain: Chain, phone: Phone, alice: Person
) -> None:
    connect(bakery, chain)
    recognise(alice, bakery)
    assert counter.sell(phone).json()["other_programme"] is None
    join(alice, bakery.programme_id)
    withdraw_consent(
        person_id=alice.pk,
        merchant_id=bakery.merchant_id,
        purpose="recognition",
        actor=SYSTEM,
        now=clock.now(),
    )
    sold = counter.sell(phone).json()
    assert (sold["other_programme"], sold["due"]) == (None, 1_100)
    assert counter.sell().json()["other_programme"] is None
    assert (chain.questions, looks(alice)) == ([], [])


def test_a_system_of_test_mode_is_not_asked_about_real_sales(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone
) -> None:
    stop_connector(merchant_id=connected.merchant_id, mode=Mode.LIVE, now=NOW, actor=SYSTEM)
    put_connector(
        merchant_id=connected.merchant_id,
        mode=Mode.TEST,
        name="De Club",
        url=chain.url,
        limit_ms=1_000,
        now=NOW,
        actor=SYSTEM,
    )
    assert counter.sell(phone).json()["due"] == 1_100
    assert chain.questions == []


def statements(counter: Counter, phone: Phone) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert counter.sell(phone).json()["verdict"] == "happened"
    return [one["sql"] for one in seen.captured_queries]


def test_a_merchant_without_pays_no_statement(
    bakery: Bakery, counter: Counter, chain: Chain, phone: Phone, alice: Person
) -> None:
    join(alice, bakery.programme_id)
    recognise(alice, bakery)
    counter.sell(phone)
    before = statements(counter, phone)
    assert not [sql for sql in before if "connect" in sql]
    connect(bakery, chain)
    counter.sell(phone)
    asked = statements(counter, phone)
    assert len(asked) > len(before)
    stop_connector(merchant_id=bakery.merchant_id, mode=Mode.LIVE, now=NOW, actor=SYSTEM)
    counter.sell(phone)
    assert len(statements(counter, phone)) == len(before)


def test_only_public_addresses_may_be_named(
    bakery: Bakery, chain: Chain, settings: Settings
) -> None:
    settings.OK_WEBHOOK_LOOPBACK = False
    for url in ("http://club.example", "https://10.0.0.7", chain.url, "https://localhost", "club"):
        with pytest.raises(ConnectorAddressNotAllowed):
            connect(bakery, chain, url=url)
    for limit_ms in (0, 49, 1_001):
        with pytest.raises(ConnectorLimitNotAllowed):
            connect(bakery, chain, url="https://club.example", limit_ms=limit_ms)
    with operator_scope("the test looks"):
        assert not Connector.objects.exists()


def test_a_name_that_leads_to_a_private_address_is_never_called(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone, settings: Settings
) -> None:
    settings.OK_WEBHOOK_LOOPBACK = False
    sold = counter.sell(phone).json()
    assert (sold["verdict"], sold["other_programme"]["state"]) == ("happened", "unreachable")
    assert (chain.questions, row().last_error) == ([], "address_refused")


def test_another_address_gets_another_secret_and_members_keep_their_pseudonyms(
    connected: Bakery, counter: Counter, chain: Chain, phone: Phone
) -> None:
    counter.sell(phone)
    before = chain.secret
    connect(connected, chain, name="Club")
    assert chain.secret == before
    connect(connected, chain, url=f"{chain.url}/")
    assert chain.secret != before
    assert counter.sell(phone).json()["other_programme"]["state"] == "answered"
    first, second = chain.questions
    assert first["member"] == second["member"]


def test_a_breach_is_found(connected: Bakery, counter: Counter, chain: Chain, phone: Phone) -> None:
    counter.sell(phone)
    assert not connected_sales_gave_what_was_said().breaches
    db.call("UPDATE loyalty_connected_sale SET given = 61")
    (breach,) = connected_sales_gave_what_was_said().breaches
    assert "was told 61, its lines say 60" in breach
