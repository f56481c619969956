"""Reads of keys and till vendors. Each needs the merchant's scope."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from okplatform.parties.actions.count_refund import WHOLE
from okplatform.parties.models import (
    ApiKey,
    Membership,
    PartnerGrant,
    RefundCount,
    Store,
    Terminal,
)

MEMBERSHIP = "membership:"


def keys(store_id: int | None) -> Sequence[ApiKey]:
    """Return the merchant's keys, or those of one store: what works first, the newest first."""
    found = ApiKey.objects.select_related("store", "terminal", "partner")
    if store_id is not None:
        found = found.filter(store_id=store_id)
    return sorted(found.order_by("-pk"), key=lambda key: key.revoked_at is not None)


def key(key_id: int, store_id: int | None) -> ApiKey | None:
    """Return one of them."""
    return next((one for one in keys(store_id) if one.pk == key_id), None)


def makers(found: Iterable[ApiKey]) -> Mapping[str, str]:
    """Return the names of those who made keys, by what stands on the key; OK itself has none."""
    ids = {
        one.made_by: int(one.made_by.removeprefix(MEMBERSHIP))
        for one in found
        if one.made_by.startswith(MEMBERSHIP)
    }
    people = Membership.objects.filter(pk__in=ids.values()).select_related("person")
    names = {membership.pk: str(membership.person) for membership in people}
    return {made_by: names[pk] for made_by, pk in ids.items() if pk in names}


def stores(store_id: int | None) -> Sequence[Store]:
    """Return the merchant's stores, or the one."""
    found = Store.objects.order_by("name")
    return list(found if store_id is None else found.filter(pk=store_id))


def terminals(store_id: int | None) -> Sequence[Terminal]:
    """Return the tills in them."""
    found = Terminal.objects.order_by("store__name", "name")
    return list(found if store_id is None else found.filter(store_id=store_id))


def refunded(found: ApiKey, *, day: date) -> int:
    """Return what was counted of a key's refunds on a day, in minor units."""
    holder = f"key:{found.origin_id or found.pk}"
    counted = RefundCount.objects.filter(holder=holder, day=day, reference=WHOLE)
    return int(counted.values_list("amount", flat=True).first() or 0)


def grants() -> Sequence[PartnerGrant]:
    """Return the till vendors that the merchant allows or has allowed."""
    found = PartnerGrant.objects.select_related("partner").order_by("partner__name")
    return sorted(found, key=lambda grant: grant.withdrawn_at is not None)
