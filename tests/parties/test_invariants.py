"""verify sees each breach that a switched-off constraint would let in."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from okplatform.kernel import db
from okplatform.kernel.invariants import Proof, all_invariants
from tests.support.world import World


def prove(name: str) -> Proof:
    return next(each.prove() for each in all_invariants() if each.name == name)


@contextmanager
def constraints_off() -> Iterator[None]:
    db.call("SET LOCAL session_replication_role = replica")
    yield
    db.call("SET LOCAL session_replication_role = origin")


NAMES = ("parties_stay_with_their_merchant", "partner_keys_have_a_grant")


@pytest.mark.parametrize("name", NAMES)
def test_a_sound_world_is_proved(world: World, name: str) -> None:
    assert world.till.key
    assert world.olga.pk

    proof = prove(name)

    assert proof.breaches == []


@pytest.mark.parametrize(
    "theft",
    [
        "UPDATE parties_terminal SET merchant_id = %s",
        "UPDATE parties_membership SET merchant_id = %s",
        "UPDATE parties_apikey SET merchant_id = %s",
    ],
)
def test_a_row_that_changed_hands_is_found(world: World, theft: str) -> None:
    assert world.till.key
    assert world.sam.pk
    with constraints_off():
        db.call("UPDATE parties_membership SET store_id = %s", [world.till.store.pk])
        db.call(theft, [world.kaashuis.merchant.pk])

    proof = prove("parties_stay_with_their_merchant")

    assert proof.rows >= 3
    assert proof.breaches


def test_a_partners_key_without_a_grant_is_found(world: World) -> None:
    assert world.till.key
    with constraints_off():
        db.call("UPDATE parties_apikey SET partner_id = 1")

    proof = prove("partner_keys_have_a_grant")

    assert proof.rows == 1
    assert "has no grant" in proof.breaches[0]
