"""Whether a name is that on an account: what the bank compares, and what OK does with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.bank.names import compared
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope
from payments.actions.check_name import NameNearlyRight, NameNotOnAccount
from payments.actions.set_payout_terms import set_payout_terms
from payments.calendar import Schedule
from payments.gateways.payee_names import BankPayeeNames, NameAnswer
from payments.models import NameCheck, PayoutTerms
from tests.payments.door import Door, opened
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
