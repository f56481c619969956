"""Tills sign in with a key: what it opens, and what it never opens."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.create_partner import create_partner
from okplatform.parties.actions.grant_partner import grant_partner
from okplatform.parties.actions.issue_api_key import (
    OnlyTestKeysMakeCodes,
    issue_api_key,
)
from okplatform.parties.actions.key_refusals import PartnerNotGranted
from okplatform.parties.actions.refusals import NotOfThisMerchant
from okplatform.parties.actions.revoke_api_key import revoke_api_key
from okplatform.parties.actions.withdraw_partner import withdraw_partner
from okplatform.parties.models import ApiKey
from tests.support.world import NOW, World

pytestmark = pytest.mark.urls("tests.parties.probe")


def test_a_key_says_who_and_where_the_till_is_in_one_query(world: World) -> None:
    client = world.api(world.till.key)
    client.get("/me/")  # notes the first use of the minute

    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get("/me/")

    assert len(queries) == 1
    assert answer.status_code == 200
    assert answer.json()["merchant"] == "Bakkerij Bol"
    assert answer.json()["store"] == "utrecht"
    assert answer.json()["terminal"] == "kassa-1"
    assert answer.json()["mode"] == "live"


def test_a_test_key_signs_in_for_test(world: World) -> None:
    assert world.api(world.till.test_key).get("/me/").json()["mode"] == "test"


def test_without_a_key_nobody_gets_in(world: World) -> None:
    answer = APIClient().get("/me/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "unauthenticated"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1] + ("a" if key[-1] != "a" else "b"),
        lambda key: key.replace("ok_live_", "ok_test_"),
        lambda key: key.upper(),
        lambda key: key[:20],
        lambda _key: "",
        lambda _key: "' OR 1=1 --",
        lambda _key: "ok_live_" + "0" * 12 + "_" + "0" * 43,
    ],
    ids=["wrong secret", "other mode", "capitals", "cut off", "empty", "injection", "unknown"],
)
def test_what_is_not_the_key_is_refused(world: World, spoil: Callable[[str], str]) -> None:
    answer = world.api(spoil(world.till.key)).get("/me/")

    assert answer.status_code == 401
    assert answer.json()["code"] in {"key_invalid", "unauthenticated"}


def test_a_revoked_key_is_refused_from_that_moment(world: World) -> None:
    issued = world.till.issue_key()
    client = world.api(issued.text)
    assert client.get("/me/").status_code == 200

    for _twice in range(2):
        revoke_api_key(merchant_id=world.bol.merchant.pk, key_id=issued.id, actor=SYSTEM, now=NOW)

    assert client.get("/me/").json()["code"] == "key_revoked"
    assert AuditEntry.objects.filter(action="api_key_revoked").count() == 1


def test_charlie_cannot_revoke_the_key_of_another_merchant(world: World) -> None:
    issued = world.till.issue_key()

    revoke_api_key(merchant_id=world.kaashuis.merchant.pk, key_id=issued.id, actor=SYSTEM, now=NOW)

    assert world.api(issued.text).get("/me/").status_code == 200
    assert not AuditEntry.objects.filter(action="api_key_revoked").exists()


def test_a_partners_key_works_while_the_merchant_allows_it(world: World) -> None:
    partner = create_partner(reference="kassabouw", name="Kassabouw", actor=SYSTEM)
    merchant = world.bol.merchant.pk
    allow: dict[str, Any] = {"partner_id": partner.pk, "merchant_id": merchant, "actor": SYSTEM}
    key: dict[str, Any] = {"mode": "live", "name": "Kassabouw", "now": NOW}
    with pytest.raises(PartnerNotGranted):
        issue_api_key(**allow, **key)
    grant_partner(**allow, now=NOW)
    client = world.api(issue_api_key(**allow, **key).text)
    assert client.get("/me/").status_code == 200

    withdraw_partner(**allow, now=NOW)
    assert client.get("/me/").json()["code"] == "grant_withdrawn"

    grant_partner(**allow, now=NOW)
    assert client.get("/me/").status_code == 200


def test_a_key_cannot_be_held_to_another_merchants_till(world: World) -> None:
    with pytest.raises(NotOfThisMerchant):
        issue_api_key(
            merchant_id=world.kaashuis.merchant.pk,
            store_id=world.till.store.pk,
            terminal_id=world.till.terminal.pk,
            mode="live",
            name="Sneaky",
            actor=SYSTEM,
            now=NOW,
        )

    with merchant_scope(world.kaashuis.merchant.pk):
        assert not ApiKey.objects.exists()


def test_a_live_key_never_makes_test_codes(world: World) -> None:
    with pytest.raises(OnlyTestKeysMakeCodes):
        world.till.issue_key(scopes=["test:codes"])


def test_the_secret_is_kept_nowhere(world: World) -> None:
    key = world.till.key
    secret = key.rsplit("_", 1)[1]

    with merchant_scope(world.bol.merchant.pk):
        row = ApiKey.objects.values().get()
    assert secret not in str(row)
    assert not [entry for entry in AuditEntry.objects.values() if secret in str(entry)]


def test_a_key_without_the_scope_is_told_which_one_it_lacks(world: World) -> None:
    answer = world.api(world.till.key).get("/refunds/")

    assert answer.status_code == 403
    assert answer.json()["code"] == "scope_missing"
    assert answer.json()["scope"] == "refunds:write"


def test_a_view_that_names_no_scope_is_refused_to_everybody(world: World) -> None:
    answer = world.api(world.till.key).get("/unnamed/")

    assert answer.status_code == 403
    assert "reached" not in answer.json()
