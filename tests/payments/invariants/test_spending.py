"""Each proof of limits and confirmations finds the breach that is planted for it."""

import pytest

from okplatform.kernel.db import call
from okplatform.kernel.invariants import all_invariants
from payments.models import AccountLimit, BankAccount
from tests.payments.books import sell
from tests.support.proofs import prove
from tests.support.world import World

ASK = """
INSERT INTO payments_confirmation (uuid, sale_id, merchant_id, mode, person_id, bank_account_id,
    amount, currency, asked_at, deadline, state, decided_at, confirmed_by, refusal)
VALUES (gen_random_uuid(), %s, %s, 'live', %s, %s, %s, 'EUR', now(), now() + interval '1 minute',
    %s, CASE WHEN %s = 'asked' THEN NULL ELSE now() END, '', '')
"""


def found(name: str) -> str:
    (proof,) = [each.prove() for each in all_invariants() if each.name == name]
    return " ".join(proof.breaches)


def test_what_is_counted_is_proved(world: World, account: BankAccount) -> None:
    sell(world.till, account, 1_840)
    prove()
    AccountLimit.objects.update(day_spent=0)
    assert "counts 0" in found("limits_count_what_was_paid")


def test_a_count_for_somebody_else_is_found(world: World, account: BankAccount) -> None:
    sell(world.till, account, 100)
    AccountLimit.objects.update(person_id=world.bob.pk)
    assert "does not exist" in found("limits_count_what_was_paid")


@pytest.mark.parametrize(
    ("state", "amount"), [("asked", 1_840), ("authorised", 1_840), ("captured", 1_839)]
)
def test_a_question_that_does_not_fit_its_sale_is_found(
    world: World, account: BankAccount, state: str, amount: int
) -> None:
    sale_id = sell(world.till, account, 1_840)
    merchant_id, person_id = world.till.merchant.pk, account.person_id
    call(ASK, [sale_id, merchant_id, person_id, account.pk, amount, state, state])
    assert f"is {state}" in found("confirmations_agree_with_sales")


def test_a_question_that_was_paid_as_asked_is_fine(world: World, account: BankAccount) -> None:
    sale_id = sell(world.till, account, 1_840)
    merchant_id, person_id = world.till.merchant.pk, account.person_id
    call(ASK, [sale_id, merchant_id, person_id, account.pk, 1_840, "captured", "captured"])
    assert found("confirmations_agree_with_sales") == ""
