"""Whether a name is that on an account: what the bank compares, and what OK does with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from demo.bank.names import compared
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Person
from payments.actions.check_name import NameNearlyRight, NameNotOnAccount
from payments.actions.set_payout_terms import set_payout_terms
from payments.calendar import Schedule
from payments.gateways.payee_names import BankPayeeNames, NameAnswer
from payments.models import NameCheck, PayoutTerms
from tests.payments.door import Door, opened
from tests.support.signing_in import sign_in
from tests.support.world import NOW, Place, World

IBAN = "NL91ABNA0417164300"


@pytest.mark.parametrize(
    ("asked", "known", "said"),
    [
        ("Alice Jansen", "Alice Jansen", "MTCH"),
        ("mw. a. jansen", "A. JANSEN", "MTCH"),
        ("Jansen Alice", "Alice Jansen", "MTCH"),
        ("José van der Berg", "Jose Berg", "MTCH"),
        ("A. Jansen", "Alice Jansen", "CMTC"),
        ("Alice Janssen", "Alice Jansen", "CMTC"),
        ("Bob Jansen", "Alice Jansen", "NMTC"),
        ("Alice de Groot", "Alice Jansen", "NMTC"),
        ("?", "Alice Jansen", "NMTC"),
        ("Alice Jansen", "", "NOAP"),
    ],
)
def test_a_bank_forgives_what_people_leave_out_and_mistype(
    asked: str, known: str, said: str
) -> None:
    assert compared(asked, known) == said


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    yield from opened(tmp_path)


def test_a_bank_that_is_not_there_cannot_say() -> None:
    names = BankPayeeNames("http://127.0.0.1:9/vop")
    assert names.check(iban=IBAN, name="Bol") == NameAnswer(NameCheck.NOT_AVAILABLE)


def pay_to(place: Place, door: Door, *, is_accepted: bool = False) -> None:
    set_payout_terms(
        merchant_id=place.merchant.pk,
        iban=IBAN,
        holder="Bakkerij Bol",
        schedule=Schedule.DAILY,
        threshold=1,
        reserve=0,
        names=door.names,
        is_accepted=is_accepted,
        now=NOW,
        actor=SYSTEM,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("known", "refusal", "kept"),
    [
        ("Kaashuis Charlie", NameNotOnAccount, NameCheck.NO_MATCH),
        ("Bakkery Boll", NameNearlyRight, NameCheck.CLOSE),
    ],
)
def test_payouts_go_to_another_name_only_for_who_says_that_it_is_right(
    world: World, door: Door, known: str, refusal: type[Exception], kept: NameCheck
) -> None:
    door.opens(IBAN, known)
    with pytest.raises(refusal):
        pay_to(world.till, door)
    with merchant_scope(world.till.merchant.pk):
        assert not PayoutTerms.objects.exists()
    pay_to(world.till, door, is_accepted=True)
    with merchant_scope(world.till.merchant.pk):
        terms = PayoutTerms.objects.get()
    assert (terms.name_check, terms.name_checked_at) == (kept, NOW)


@pytest.mark.django_db
def test_payouts_go_to_the_name_on_the_account(world: World, door: Door) -> None:
    door.opens(IBAN, "Bakkerij Bol B.V.")
    pay_to(world.till, door)
    with merchant_scope(world.till.merchant.pk):
        assert PayoutTerms.objects.get().name_check == NameCheck.MATCH


@pytest.mark.django_db
def test_the_console_asks_again_whether_another_name_is_right(
    world: World, olga: Person, client: Client, door: Door, settings: Settings
) -> None:
    settings.OK_PAYEE_NAMES_URL = f"{door.url}/vop/v1/payee-verifications"
    door.opens(IBAN, "Kaashuis Charlie")
    sign_in(client, olga)
    page = f"/console/{world.kramer.merchant.reference}/payouts/terms/"
    amounts = {"threshold": "1", "reserve": "0"}
    said = {"schedule": "daily", "iban": IBAN, "holder": "Kramer B.V.", **amounts}
    assert b"is_accepted" not in client.get(page).content
    asked = client.post(page, said)
    assert asked.status_code == 422
    assert b"is_accepted" in asked.content
    with merchant_scope(world.kramer.merchant.pk):
        assert not PayoutTerms.objects.exists()
    assert client.post(page, said | {"is_accepted": "on"}).status_code == 302
    with merchant_scope(world.kramer.merchant.pk):
        assert PayoutTerms.objects.get().name_check == NameCheck.NO_MATCH
