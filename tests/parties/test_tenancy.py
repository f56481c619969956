"""A merchant never sees another merchant's rows, and who forgets to say for whom sees none."""

from typing import Any

import pytest
from django_scopes.exceptions import ScopeError

from okplatform.kernel.tenancy import merchant_scope, operator_scope, person_scope
from okplatform.parties.models import (
    ApiKey,
    Membership,
    PartnerGrant,
    Person,
    Store,
    Terminal,
)
from okplatform.trade.models import Category, Product, Sale, SaleLine, Tender
from tests.support.world import World

OWNED = [
    Store,
    Terminal,
    Membership,
    ApiKey,
    PartnerGrant,
    Category,
    Product,
    Sale,
    SaleLine,
    Tender,
]


@pytest.mark.django_db
@pytest.mark.parametrize("model", OWNED)
def test_a_query_that_names_no_scope_raises(model: Any) -> None:
    with pytest.raises(ScopeError):
        model.objects.count()


def test_a_merchants_scope_shows_its_own_rows(world: World) -> None:
    assert world.haarlem.store.pk
    assert world.gouda.store.pk

    with merchant_scope(world.kaashuis.merchant.pk):
        assert [store.reference for store in Store.objects.all()] == ["gouda"]
        assert not Store.objects.filter(pk=world.haarlem.store.pk).exists()
    with operator_scope("a test counts all"):
        assert Store.objects.count() == 4


def test_a_person_sees_their_own_memberships_and_nothing_without_a_person(
    world: World, sam: Person, olga: Person
) -> None:
    with person_scope(sam.pk):
        assert Membership.objects.get().person_id == sam.pk
        with pytest.raises(ScopeError):
            ApiKey.objects.count()
