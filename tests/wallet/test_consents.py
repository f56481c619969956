from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Exists, OuterRef
from django.test import Client

from okplatform.kernel.audit import SYSTEM, Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.models import AuditEntry, Event
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Merchant, Person
from wallet.actions.grant_consent import ConsentTextOutdated, grant_consent
from wallet.actions.record_disclosure import Look, record_disclosure
from wallet.actions.withdraw_consent import withdraw_consent
from wallet.consents import consented, name_if_consented
from wallet.models import Consent

pytestmark = pytest.mark.django_db


def grant(person: Person, merchant: Merchant, now: datetime, **changed: Any) -> None:
    asked: dict[str, Any] = {"purpose": "identity", "text_version": 1, "language": "nl"}
    grant_consent(
        person_id=person.pk, merchant_id=merchant.pk, now=now, actor=SYSTEM, **(asked | changed)
    )


def withdraw(person: Person, merchant: Merchant, now: datetime) -> None:
    withdraw_consent(
        person_id=person.pk, merchant_id=merchant.pk, purpose="identity", now=now, actor=SYSTEM
    )


def all_consents() -> list[Consent]:
    with operator_scope("test"):
        return list(Consent.objects.order_by("id"))


def test_without_a_yes_nothing_comes_out(alice: Person, bakery: Merchant) -> None:
    assert name_if_consented(person_id=alice.pk, merchant_id=bakery.pk) is None
    assert not consented(bakery.pk, "identity").exists()


def test_a_yes_counts_for_one_merchant_and_a_withdrawal_at_once(
    alice: Person, bakery: Merchant, bookshop: Merchant, now: datetime
) -> None:
    grant(alice, bakery, now)
    assert name_if_consented(person_id=alice.pk, merchant_id=bakery.pk) == "Alice Jansen"
    assert name_if_consented(person_id=alice.pk, merchant_id=bookshop.pk) is None
    withdraw(alice, bakery, now)
    assert name_if_consented(person_id=alice.pk, merchant_id=bakery.pk) is None


def test_others_join_the_consents_in_their_own_query(
    alice: Person, bob: Person, bakery: Merchant, now: datetime
) -> None:
    grant(alice, bakery, now)
    allowed = consented(bakery.pk, "identity").filter(person_id=OuterRef("id"))
    assert list(Person.objects.filter(Exists(allowed))) == [alice]


def test_saying_yes_twice_keeps_the_first(alice: Person, bakery: Merchant, now: datetime) -> None:
    grant(alice, bakery, now)
    grant(alice, bakery, now + timedelta(days=1), language="en")
    (kept,) = all_consents()
    assert (kept.granted_at, kept.language) == (now, "nl")
    assert Event.objects.filter(type="wallet.consent_granted").count() == 1


def test_withdrawing_nothing_changes_nothing(
    alice: Person, bakery: Merchant, now: datetime
) -> None:
    withdraw(alice, bakery, now)
    assert all_consents() == []
    assert not Event.objects.filter(type="wallet.consent_withdrawn").exists()


def test_a_yes_after_a_no_is_a_new_consent(alice: Person, bakery: Merchant, now: datetime) -> None:
    grant(alice, bakery, now)
    withdraw(alice, bakery, now + timedelta(hours=1))
    grant(alice, bakery, now + timedelta(hours=2))
    before, after = all_consents()
    assert before.withdrawn_at == now + timedelta(hours=1)
    assert after.withdrawn_at is None
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True))[-3:] == [
        "consent_granted",
        "consent_withdrawn",
        "consent_granted",
    ]


def test_a_yes_to_another_text_is_refused(alice: Person, bakery: Merchant, now: datetime) -> None:
    with pytest.raises(ConsentTextOutdated):
        grant(alice, bakery, now, text_version=2)
    assert all_consents() == []


def test_the_page_keeps_the_text_and_language_that_were_read(
    client: Client, alice: Person, bakery: Merchant
) -> None:
    client.force_login(alice)
    page = client.get("/wallet/you/shops/bakkerij-bol/", headers={"Accept-Language": "en"})
    assert "Bakkerij Bol may see your name" in page.content.decode()
    said = {"purpose": "identity", "text_version": "1", "allow": "on"}
    client.post("/wallet/you/shops/bakkerij-bol/", said, headers={"Accept-Language": "en"})
    (kept,) = all_consents()
    assert (kept.person_id, kept.merchant_id) == (alice.pk, bakery.pk)
    assert (kept.text_version, kept.language) == (1, "en")
    client.post("/wallet/you/shops/bakkerij-bol/", {"purpose": "identity", "text_version": "1"})
    assert name_if_consented(person_id=alice.pk, merchant_id=bakery.pk) is None


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"purpose": "identity", "allow": "on"},
        {"purpose": "everything", "text_version": "1", "allow": "on"},
        {"purpose": "identity", "text_version": "x", "allow": "on"},
    ],
)
def test_a_form_that_makes_no_sense_allows_nothing(
    client: Client, alice: Person, bakery: Merchant, said: dict[str, str]
) -> None:
    client.force_login(alice)
    assert client.post("/wallet/you/shops/bakkerij-bol/", said).status_code == 400
    assert all_consents() == []


def test_an_outdated_page_is_shown_again(client: Client, alice: Person, bakery: Merchant) -> None:
    client.force_login(alice)
    said = {"purpose": "identity", "text_version": "7", "allow": "on"}
    page = client.post("/wallet/you/shops/bakkerij-bol/", said, follow=True)
    assert "De tekst is veranderd" in page.content.decode()
    assert all_consents() == []


def test_a_shop_that_does_not_exist_is_not_found(client: Client, alice: Person) -> None:
    client.force_login(alice)
    assert client.get("/wallet/you/shops/nobody/").status_code == 404


def test_who_looked_stands_on_the_persons_page_and_on_nobody_elses(
    client: Client, alice: Person, bob: Person, bakery: Merchant, bookshop: Merchant
) -> None:
    at = datetime.now().astimezone() - timedelta(days=1)  # noqa: TID251 -- shown by age
    grant(alice, bakery, at - timedelta(days=1))
    look = Look(
        person_id=alice.pk,
        merchant_id=bakery.pk,
        actor=Actor("api_key", "7"),
        actor_name="Kassa 2, Haarlem",
        purpose="identity",
        what="name",
        at=at,
    )
    with transaction():
        record_disclosure([look, replace(look, at=at + timedelta(hours=1))])
        record_disclosure([])
    client.force_login(alice)
    assert (
        client.get("/wallet/you/shops/bakkerij-bol/").content.decode().count("Kassa 2, Haarlem")
        == 2
    )
    assert "Kassa 2" not in client.get("/wallet/you/shops/boekhandel-kramer/").content.decode()
    you = client.get("/wallet/you/").content.decode()
    assert "keek 2 keer" in you
    assert "Boekhandel Kramer" not in you
    client.force_login(bob)
    assert "Kassa 2" not in client.get("/wallet/you/shops/bakkerij-bol/").content.decode()
