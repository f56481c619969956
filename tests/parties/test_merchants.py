"""Merchants, stores and tills: what is checked when they are made, and what PostgreSQL refuses."""

from typing import Any

import pytest
from django.db import IntegrityError

from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from okplatform.kernel.models import AuditEntry
from okplatform.parties.actions.add_terminal import add_terminal
from okplatform.parties.actions.create_merchant import (
    IbanInvalid,
    KvkInvalid,
    VatNumberInvalid,
    create_merchant,
)
from okplatform.parties.actions.grant_membership import MemberAlready, grant_membership
from okplatform.parties.actions.open_store import open_store
from okplatform.parties.actions.refusals import NotOfThisMerchant, ReferenceTaken
from okplatform.parties.models import Merchant, Person, Role
from tests.support.world import World

RIGHT: dict[str, Any] = {
    "reference": "slagerij-de-wit",
    "name": "Slagerij De Wit",
    "kvk": "12345678",
    "vat_number": "NL 0044.95.445.B01",
    "iban": "NL91 ABNA 0417 1643 00",
}


@pytest.mark.django_db
def test_a_merchants_numbers_are_kept_without_blanks() -> None:
    merchant = create_merchant(**RIGHT, actor=SYSTEM)

    assert merchant.vat_number == "NL004495445B01"
    assert merchant.iban == "NL91ABNA0417164300"
    assert merchant.credit_floor == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"kvk": "1234567"}, KvkInvalid),
        ({"kvk": "1234567x"}, KvkInvalid),
        ({"vat_number": "NL004495446B01"}, VatNumberInvalid),
        ({"iban": "NL92ABNA0417164300"}, IbanInvalid),
        ({"iban": "NL91 ABNA"}, IbanInvalid),
    ],
)
def test_a_wrong_number_is_refused_and_nothing_is_made(
    wrong: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        create_merchant(**RIGHT | wrong, actor=SYSTEM)

    assert not Merchant.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_reference_is_given_once(world: World) -> None:
    taken = world.bol.merchant.reference
    with pytest.raises(ReferenceTaken):
        create_merchant(**RIGHT | {"reference": taken}, actor=SYSTEM)
    with pytest.raises(ReferenceTaken):
        world.kramer.open("haarlem", "Haarlem again")


def test_two_merchants_may_use_the_same_store_reference(world: World) -> None:
    world.kaashuis.open("haarlem", "Haarlem")

    assert world.kramer.places["haarlem"].store.pk != world.kaashuis.places["haarlem"].store.pk


@pytest.mark.parametrize("reference", ["", "a b", "a/b", "é", "x" * 65])
def test_postgresql_refuses_a_reference_that_is_not_plain(world: World, reference: str) -> None:
    with pytest.raises((IntegrityError, Exception), match=r"store_reference_is_plain|too long"):
        open_store(merchant_id=world.bol.merchant.pk, reference=reference, name="Odd", actor=SYSTEM)


def test_a_till_stands_only_in_its_own_merchants_store(world: World) -> None:
    with pytest.raises(NotOfThisMerchant):
        add_terminal(
            merchant_id=world.kaashuis.merchant.pk,
            store_id=world.haarlem.store.pk,
            reference="kassa-2",
            name="Kassa 2",
            actor=SYSTEM,
        )


def test_a_membership_is_given_once_and_for_its_own_stores(world: World, bob: Person) -> None:
    job: dict[str, Any] = {"person_id": bob.pk, "role": Role.CASHIER, "actor": SYSTEM}
    with pytest.raises(NotOfThisMerchant):
        grant_membership(
            merchant_id=world.kaashuis.merchant.pk, store_id=world.haarlem.store.pk, **job
        )
    grant_membership(merchant_id=world.kaashuis.merchant.pk, **job)
    with pytest.raises(MemberAlready):
        grant_membership(merchant_id=world.kaashuis.merchant.pk, **job)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("UPDATE parties_merchant SET credit_floor = 1", "merchant_floor_is_not_above_zero"),
        ("UPDATE parties_merchant SET currency = 'eur'", "merchant_currency_is_iso"),
        ("UPDATE parties_merchant SET kvk = '1'", "merchant_kvk_has_8_digits"),
        ("UPDATE parties_store SET channel = 'market'", "store_channel_is_known"),
        ("UPDATE parties_apikey SET scopes = '{all}'", "api_key_scopes_are_known"),
        ("UPDATE parties_apikey SET store_id = NULL", "api_key_terminal_has_its_store"),
    ],
)
def test_postgresql_refuses_what_no_row_may_say(world: World, change: str, constraint: str) -> None:
    assert world.till.key

    with pytest.raises(IntegrityError, match=constraint):
        db.call(change)
