"""What a key is held to: networks, its calls, and an end when another takes its place."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import savepoint, transaction
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.held_key import KeyOver, KeyUnknown
from okplatform.parties.actions.issue_api_key import IssuedKey
from okplatform.parties.actions.key_refusals import KeyEnded
from okplatform.parties.actions.limit_api_key import limit_api_key
from okplatform.parties.actions.revoke_api_key import revoke_api_key
from okplatform.parties.actions.rotate_api_key import OverlapTooLong, rotate_api_key
from okplatform.parties.actions.use_api_key import recall_api_key, use_api_key
from okplatform.parties.models import ApiKey
from okplatform.parties.networks import NetworkMalformedError, lies_in, neighbourhood, read
from okplatform.parties.queries import key_stands
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, World

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.parties.probe")]
WEEK = timedelta(days=7)


def limit(world: World, key: IssuedKey, **said: Any) -> None:
    limits: dict[str, Any] = {
        "networks": [],
        "calls_per_minute": None,
        "refunds_a_day": None,
        "refunds_a_reference": None,
        **said,
    }
    limit_api_key(merchant_id=world.bol.merchant.pk, key_id=key.id, actor=SYSTEM, **limits)


def rotate(world: World, key: IssuedKey, overlap: timedelta) -> IssuedKey:
    return rotate_api_key(
        merchant_id=world.bol.merchant.pk, key_id=key.id, overlap=overlap, now=NOW, actor=SYSTEM
    )


@pytest.mark.parametrize(
    ("networks", "address", "status"),
    [
        (["203.0.113.0/24"], "203.0.113.9", 200),
        (["203.0.113.0/24"], "203.0.114.9", 403),
        (["203.0.113.0/24"], "::ffff:203.0.113.9", 200),
        (["203.0.113.0/24"], "2001:db8::1", 403),
        (["2001:db8::/48"], "2001:db8:0:ffff::1", 200),
        (["2001:db8::/48"], "2001:db8:1::1", 403),
        (["2001:db8::/48", "203.0.113.7/32"], "203.0.113.7", 200),
        (["203.0.113.7/32"], "", 403),
        ([], "198.51.100.1", 200),
    ],
)
def test_a_key_is_taken_from_its_networks_alone(
    world: World, networks: Sequence[str], address: str, status: int
) -> None:
    key = world.till.issue_key()
    limit(world, key, networks=networks)
    answer = world.api(key.text).get("/me/", REMOTE_ADDR=address)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "caller_not_allowed"


def test_behind_a_proxy_nobody_says_where_they_are(world: World, settings: Settings) -> None:
    key = world.till.issue_key()
    limit(world, key, networks=["203.0.113.7/32"])
    client = world.api(key.text)
    said: dict[str, Any] = {
        "REMOTE_ADDR": "10.0.0.1",
        "HTTP_X_FORWARDED_FOR": "203.0.113.7, 198.51.100.1",
    }
    for proxies, status in ((0, 403), (1, 403), (2, 200), (3, 403)):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        assert client.get("/me/", **said).status_code == status, proxies


def test_one_who_has_not_the_secret_does_not_learn_of_networks(world: World) -> None:
    key = world.till.issue_key()
    limit(world, key, networks=["203.0.113.7/32"])
    wrong = key.text[:-1] + ("a" if key.text[-1] != "a" else "b")
    assert world.api(wrong).get("/me/").json()["code"] == "key_invalid"


def test_what_was_remembered_of_a_key_does_not_stand_once_it_is_held_to_more(world: World) -> None:
    key = world.till.issue_key()
    recall_api_key(key=key.text, now=NOW)
    remembered = recall_api_key(key=key.text, now=NOW).remembered
    assert remembered is not None
    assert key_stands(remembered)
    rotate(world, key, timedelta(hours=1))
    assert not key_stands(remembered)


def test_what_was_signed_in_anew_is_remembered_as_it_is_now(world: World) -> None:
    key = world.till.issue_key()
    recall_api_key(key=key.text, now=NOW)
    limit(world, key, refunds_a_day=100)
    use_api_key(key=key.text, now=NOW)
    remembered = recall_api_key(key=key.text, now=NOW).remembered
    assert remembered is not None
    assert key_stands(remembered)


def test_an_end_that_is_remembered_comes_at_its_moment(world: World) -> None:
    key = world.till.issue_key()
    rotate(world, key, timedelta(hours=1))
    recall_api_key(key=key.text, now=NOW)
    with pytest.raises(KeyEnded):
        recall_api_key(key=key.text, now=NOW + timedelta(hours=1))


def test_a_key_may_call_less_often_than_others(world: World) -> None:
    key = world.till.issue_key()
    limit(world, key, calls_per_minute=3)
    assert world.api(key.text).get("/me/")["RateLimit-Policy"] == '"key";q=3;w=60'


def test_a_key_never_calls_more_often_than_all_may(world: World, settings: Settings) -> None:
    settings.OK_API_CALLS_PER_MINUTE = 5
    key = world.till.issue_key()
    limit(world, key, calls_per_minute=100_000)
    assert world.api(key.text).get("/me/")["RateLimit-Policy"] == '"key";q=5;w=60'


def test_the_old_key_works_to_the_end_of_the_overlap_and_not_a_moment_longer(world: World) -> None:
    old = world.till.issue_key()
    new = rotate(world, old, WEEK)
    assert use_api_key(key=old.text, now=NOW + WEEK - timedelta(microseconds=1)).mode == "live"
    with pytest.raises(KeyEnded):
        use_api_key(key=old.text, now=NOW + WEEK)
    till = use_api_key(key=new.text, now=NOW + WEEK)
    assert till.place == use_api_key(key=old.text, now=NOW).place
    with pytest.raises(KeyOver):
        rotate(world, old, WEEK)
    actions = AuditEntry.objects.filter(object_type="api_key").values_list("action", flat=True)
    assert sorted(actions) == ["api_key_issued", "api_key_issued", "api_key_rotated"]


def test_without_an_overlap_the_old_key_ends_at_once(world: World) -> None:
    old = world.till.issue_key()
    rotate_api_key(
        merchant_id=world.bol.merchant.pk,
        key_id=old.id,
        overlap=timedelta(),
        now=clock.now(),
        actor=SYSTEM,
    )
    answer = world.api(old.text).get("/me/")
    assert (answer.status_code, answer.json()["code"]) == (401, "key_ended")


@pytest.mark.parametrize("overlap", [WEEK + timedelta(microseconds=1), -timedelta(seconds=1)])
def test_no_overlap_is_longer_than_a_week(world: World, overlap: timedelta) -> None:
    old = world.till.issue_key()
    with pytest.raises(OverlapTooLong):
        rotate(world, old, overlap)
    with operator_scope("the test looks"):
        assert ApiKey.objects.get().ends_at is None


def test_postgresql_holds_the_week_and_the_networks(world: World) -> None:
    key = world.till.issue_key()
    for wrong in (
        {"rotated_at": NOW, "ends_at": NOW + WEEK + timedelta(seconds=1)},
        {"rotated_at": NOW, "ends_at": NOW - timedelta(seconds=1)},
        {"ends_at": NOW},
        {"rotated_at": NOW},
        {"networks": ["winkel"]},
        {"calls_per_minute": 0},
        {"refunds_a_day": -1},
    ):
        with (
            operator_scope("the test"),
            transaction(),
            pytest.raises((IntegrityError, DataError)),
            savepoint(),
        ):
            ApiKey.objects.filter(pk=key.id).update(**wrong)


def test_a_neighbour_neither_limits_nor_rotates_it(world: World) -> None:
    key = world.till.issue_key()
    theirs: dict[str, Any] = {"merchant_id": world.kaashuis.merchant.pk, "key_id": key.id}
    with pytest.raises(KeyUnknown):
        rotate_api_key(**theirs, overlap=WEEK, now=NOW, actor=SYSTEM)
    with pytest.raises(KeyUnknown):
        limit_api_key(
            **theirs,
            networks=["203.0.113.7/32"],
            calls_per_minute=None,
            refunds_a_day=None,
            refunds_a_reference=None,
            actor=SYSTEM,
        )
    assert world.api(key.text).get("/me/").status_code == 200


def test_a_revoked_key_is_not_rotated(world: World) -> None:
    key = world.till.issue_key()
    revoke_api_key(merchant_id=world.bol.merchant.pk, key_id=key.id, actor=SYSTEM, now=NOW)
    with pytest.raises(KeyOver):
        rotate(world, key, WEEK)


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_of_64_rotations_at_once_one_makes_a_key(world: World) -> None:
    old = world.till.issue_key()

    def once(_number: int) -> str:
        try:
            rotate(world, old, WEEK)
        except KeyOver as refusal:
            return refusal.code
        return "made"

    assert dict(all_at_once(once)) == {"made": 1, "key_over": AT_ONCE - 1}
    with operator_scope("the test looks"):
        assert ApiKey.objects.count() == 2


def test_networks_are_read_as_people_write_them() -> None:
    said = "203.0.113.7, 198.51.100.9/24\n2001:DB8::1/48 203.0.113.7"
    assert read(said) == ["203.0.113.7/32", "198.51.100.0/24", "2001:db8::/48"]
    assert read(" ,\n") == []
    for wrong in ("winkel", "10.0.0.0/33", "1.2.3", "2001:db8::/129"):
        with pytest.raises(NetworkMalformedError):
            read(wrong)


@given(st.ip_addresses())
def test_every_address_lies_in_its_own_neighbourhood(address: Any) -> None:
    near = neighbourhood(str(address))
    assert lies_in(str(address), [near])
    # Never the address itself.
    assert int(near.rpartition("/")[2]) <= 48


def test_what_is_no_address_is_nowhere() -> None:
    for said in (None, "", "unix", "1.2.3"):
        assert neighbourhood(said) == ""
        assert not lies_in(said, ["0.0.0.0/0", "::/0"])
