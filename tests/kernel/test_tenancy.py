"""Each scope shows its own rows and no more; without one nothing is shown."""

import pytest
from django_scopes.exceptions import ScopeError

from okplatform.kernel.tenancy import merchant_scope, operator_scope, person_scope
from okplatform.parties.models import Membership, Person, Store
from tests.support.world import World


def test_a_query_without_a_scope_raises(world: World) -> None:
    assert world.till.store.pk
    with pytest.raises(ScopeError):
        Store.objects.count()
    with pytest.raises(ScopeError):
        Store.objects.filter(merchant_id=world.bol.merchant.pk).exists()


def test_a_scope_ends_where_it_ends(world: World) -> None:
    with merchant_scope(world.bol.merchant.pk):
        assert Store.objects.count() == 1
    with pytest.raises(ScopeError):
        Store.objects.count()


def test_a_merchant_sees_its_own_rows_also_inside_a_wider_scope(world: World) -> None:
    assert world.till.store.pk
    assert world.haarlem.store.pk
    with operator_scope("a test looks at all"):
        assert Store.objects.count() == 4
        with merchant_scope(world.bol.merchant.pk):
            assert [store.reference for store in Store.objects.all()] == ["utrecht"]
            assert not Store.objects.filter(pk=world.haarlem.store.pk).exists()


def test_a_merchant_changes_only_its_own_rows(world: World) -> None:
    assert world.haarlem.store.pk
    with merchant_scope(world.bol.merchant.pk):
        assert Store.objects.update(city="Elsewhere") == 1
        assert Store.objects.filter(pk=world.haarlem.store.pk).delete()[0] == 0
    with operator_scope("a test looks at all"):
        assert Store.objects.exclude(city="Elsewhere").count() == 3


def test_a_person_sees_their_own_rows_at_every_merchant(
    world: World, sam: Person, olga: Person
) -> None:
    with person_scope(sam.pk):
        assert [each.person_id for each in Membership.objects.all()] == [sam.pk]
        assert not Membership.objects.filter(person=olga).exists()


def test_a_person_cannot_read_what_is_about_no_person(world: World, sam: Person) -> None:
    with person_scope(sam.pk), pytest.raises(ScopeError, match="Store has no person"):
        Store.objects.count()


def test_an_operator_says_why() -> None:
    with pytest.raises(ScopeError, match="names its reason"), operator_scope(""):
        pytest.fail("an operator without a reason")
