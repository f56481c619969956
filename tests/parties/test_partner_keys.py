"""A till vendor's own key: it acts for whom a call names, where that merchant allowed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.parties.actions.create_partner import create_partner
from okplatform.parties.actions.grant_partner import (
    Allowance,
    ScopeNotForPartners,
    grant_partner,
)
from okplatform.parties.actions.issue_api_key import OnlyTestKeysMakeCodes
from okplatform.parties.actions.issue_partner_key import (
    PartnerKeyUnknown,
    issue_partner_key,
    revoke_partner_key,
)
from okplatform.parties.actions.withdraw_partner import withdraw_partner
from okplatform.parties.models import PartnerKey
from tests.support.world import NOW, Shop, World

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.parties.probe")]
ALL = ("sales:read", "sales:write", "refunds:write")


@dataclass
class Vendor:
    """Kassabouw, with a key."""

    id: int
    world: World
    key: str

    def allowed(self, shop: Shop, live: Iterable[str] = ALL, test: Iterable[str] = ()) -> None:
        grant_partner(
            partner_id=self.id,
            merchant_id=shop.merchant.pk,
            actor=SYSTEM,
            now=NOW,
            allowance=Allowance(live=live, test=test),
        )

    def call(self, path: str = "/me/", key: str | None = None, **headers: str) -> Any:
        said: dict[str, Any] = {f"HTTP_OK_{name.upper()}": value for name, value in headers.items()}
        return self.world.api(key or self.key).get(path, **said)

    def refused(self, **headers: str) -> tuple[int, str]:
        answer = self.call(**headers)
        return answer.status_code, answer.json().get("code")

    def issue(self, mode: str = "live", scopes: Iterable[str] = ALL, **other: Any) -> str:
        return issue_partner_key(
            partner_id=self.id,
            mode=mode,
            name="Kassabouw",
            scopes=scopes,
            actor=SYSTEM,
            now=NOW,
            **other,
        ).text


@pytest.fixture
def vendor(world: World) -> Vendor:
    partner = create_partner(reference="kassabouw", name="Kassabouw", actor=SYSTEM)
    made = Vendor(partner.pk, world, "")
    made.key = made.issue()
    return made


def test_it_acts_for_the_merchant_that_it_names_and_the_actor_is_the_vendor(vendor: Vendor) -> None:
    vendor.allowed(vendor.world.bol)
    answer = vendor.call(merchant="bakkerij-bol", terminal="utrecht/kassa-1").json()
    row = PartnerKey.objects.get()
    assert answer == {
        "actor": f"partner_key:{row.pk}",
        "merchant": "Bakkerij Bol",
        "mode": "live",
        "store": "utrecht",
        "terminal": "kassa-1",
    }
    assert vendor.call(merchant="bakkerij-bol", terminal="utrecht").json()["terminal"] is None
    assert vendor.call(merchant="bakkerij-bol").json()["store"] is None
    assert row.last_used_at is not None
    assert row.last_used_from == "127.0.0.0/24"


def test_only_where_it_was_allowed(vendor: Vendor) -> None:
    vendor.allowed(vendor.world.bol)
    assert vendor.world.kaashuis.merchant.reference == "kaashuis"
    # One that never allowed it, one that there is not, and nonsense are told alike.
    for merchant in ("kaashuis", "nobody", "", "' OR 1=1 --", "x" * 300):
        assert vendor.refused(merchant=merchant) == (403, "partner_not_granted"), merchant
    assert vendor.refused() == (403, "merchant_not_named")


@pytest.mark.parametrize(
    "terminal", ["gouda/kassa-1", "utrecht/kassa-9", "nowhere", "", "/", "utrecht/", "/kassa-1"]
)
def test_a_till_that_the_merchant_has_not_is_refused(vendor: Vendor, terminal: str) -> None:
    vendor.allowed(vendor.world.bol)
    assert vendor.world.gouda.store.reference == "gouda"
    told = vendor.refused(merchant="bakkerij-bol", terminal=terminal)
    assert told == (403, "till_not_of_merchant")


def test_withdrawing_works_at_once_and_for_that_merchant_only(vendor: Vendor) -> None:
    for shop in (vendor.world.bol, vendor.world.kaashuis):
        vendor.allowed(shop)
    asked: dict[str, Any] = {"partner_id": vendor.id, "actor": SYSTEM, "now": NOW}
    withdraw_partner(**asked, merchant_id=vendor.world.bol.merchant.pk)
    assert vendor.refused(merchant="bakkerij-bol") == (401, "grant_withdrawn")
    assert vendor.call(merchant="kaashuis").status_code == 200
    vendor.allowed(vendor.world.bol)
    assert vendor.call(merchant="bakkerij-bol").status_code == 200


def test_a_revoked_key_is_refused_everywhere(vendor: Vendor) -> None:
    vendor.allowed(vendor.world.bol)
    prefix = PartnerKey.objects.get().prefix
    revoke_partner_key(prefix=prefix, actor=SYSTEM, now=clock.now())
    assert vendor.refused(merchant="bakkerij-bol") == (401, "key_revoked")
    with pytest.raises(PartnerKeyUnknown):
        revoke_partner_key(prefix=prefix, actor=SYSTEM, now=clock.now())
    assert AuditEntry.objects.filter(action="partner_key_revoked").count() == 1


@pytest.mark.parametrize(
    ("key", "grant", "status"),
    [
        (ALL, ALL, 200),
        (["sales:read"], ALL, 403),
        (ALL, ["sales:read"], 403),
        (["sales:read", "refunds:write"], ["refunds:write"], 200),
    ],
)
def test_it_may_do_what_key_and_grant_both_say(
    vendor: Vendor, key: list[str], grant: list[str], status: int
) -> None:
    text = vendor.issue(scopes=key)
    vendor.allowed(vendor.world.bol, live=grant)
    answer = vendor.call("/refunds/", key=text, merchant="bakkerij-bol")
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "scope_missing"


def test_what_is_allowed_is_allowed_per_mode(vendor: Vendor) -> None:
    vendor.allowed(vendor.world.bol, live=(), test=ALL)
    assert vendor.refused(merchant="bakkerij-bol") == (403, "partner_not_granted")
    test = vendor.issue(mode="test")
    assert vendor.call(key=test, merchant="bakkerij-bol").json()["mode"] == "test"


def test_it_is_held_to_its_networks(vendor: Vendor) -> None:
    vendor.allowed(vendor.world.bol)
    key = vendor.issue(networks=["2001:db8::/48"])
    answer = vendor.call(key=key, merchant="bakkerij-bol")
    assert answer.json()["code"] == "caller_not_allowed"


def test_without_the_secret_nothing_is_learned(vendor: Vendor) -> None:
    wrong = vendor.key[:-1] + ("a" if vendor.key[-1] != "a" else "b")
    for headers in ({}, {"merchant": "bakkerij-bol"}, {"merchant": "nobody"}):
        answer = vendor.call(key=wrong, **headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "key_invalid")


def test_a_merchants_own_key_names_no_other_merchant(world: World, vendor: Vendor) -> None:
    own = world.till.key
    assert vendor.call(key=own, merchant="bakkerij-bol").status_code == 200
    assert world.kaashuis.merchant.reference == "kaashuis"
    for merchant in ("kaashuis", "nobody", ""):
        answer = vendor.call(key=own, merchant=merchant)
        assert (answer.status_code, answer.json()["code"]) == (403, "merchant_not_of_key")


def test_no_vendor_makes_test_codes_with_live_sales(vendor: Vendor) -> None:
    with pytest.raises(OnlyTestKeysMakeCodes):
        vendor.issue(scopes=["test:codes"])
    with pytest.raises(ScopeNotForPartners):
        vendor.allowed(vendor.world.bol, live=["test:codes"])
    with pytest.raises(ScopeNotForPartners):
        vendor.allowed(vendor.world.bol, live=["sales:explode"])
    assert vendor.refused(merchant="bakkerij-bol") == (403, "partner_not_granted")


def test_allowing_the_same_twice_is_once_and_another_amount_is_written_down(vendor: Vendor) -> None:
    for live in (ALL, ALL, ["sales:read"]):
        vendor.allowed(vendor.world.bol, live=live)
    said = AuditEntry.objects.filter(action="partner_granted").order_by("pk")
    assert [entry.data["live"] for entry in said] == [sorted(ALL), ["sales:read"]]


def test_the_secret_of_a_vendors_key_is_kept_nowhere(vendor: Vendor) -> None:
    secret = vendor.key.rsplit("_", 1)[1]
    assert secret not in str(PartnerKey.objects.values().get())
    assert not [entry for entry in AuditEntry.objects.values() if secret in str(entry)]


def run(*said: str) -> str:
    out = StringIO()
    call_command("partner_key", *said, stdout=out)
    return out.getvalue().strip()


def test_the_command_makes_a_key_that_works_and_ends_it(vendor: Vendor) -> None:
    vendor.allowed(vendor.world.bol)
    asked = ("kassabouw", "--mode", "live", "--scope", "sales:read", "--network", "127.0.0.0/8")
    key = run(*asked)
    assert vendor.call(key=key, merchant="bakkerij-bol").status_code == 200
    run("kassabouw", "--revoke", key.split("_")[2])
    assert vendor.call(key=key, merchant="bakkerij-bol").json()["code"] == "key_revoked"


@pytest.mark.parametrize(
    "said",
    [
        ("nobody",),
        ("kassabouw", "--network", "winkel"),
        ("kassabouw", "--mode", "live", "--scope", "test:codes"),
        ("kassabouw", "--revoke", "nothing"),
    ],
)
def test_the_command_says_what_does_not_fit(vendor: Vendor, said: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*said)
    assert PartnerKey.objects.get().pk
    assert vendor.id


def test_the_command_takes_on_a_vendor() -> None:
    assert run("tillco", "--vendor-name", "TillCo").startswith("ok_test_")
