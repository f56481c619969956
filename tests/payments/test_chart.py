"""The chart of accounts: one file that an accountant reads, and PostgreSQL holds to."""

import pytest

from payments.actions.prepare_ledger import prepare_ledger
from payments.chart import CHART, KINDS, Floor
from payments.models import Account, AccountKind
from tests.payments.books import Points
from tests.support.world import NOW

pytestmark = pytest.mark.django_db


def test_every_kind_is_named_once_and_says_what_it_means() -> None:
    assert len(KINDS) == len(CHART)
    assert all(line.meaning.endswith(".") for line in CHART)


def test_the_database_has_the_same_chart() -> None:
    assert {kind.kind: kind.owner_type for kind in AccountKind.objects.all()} == {
        line.kind: line.owner.value for line in CHART
    }


def test_a_changed_chart_is_brought_along() -> None:
    AccountKind.objects.filter(kind="member_points").update(floor=-100)
    prepare_ledger(now=NOW)
    assert AccountKind.objects.get(kind="member_points").floor == 0


def test_an_account_opens_with_the_floor_of_its_kind() -> None:
    Points().book("sale-1", 1)
    assert dict(Account.objects.values_list("kind", "floor")) == {
        "member_points": 0,
        "programme_points": None,
    }
    assert KINDS["member_points"].floor is Floor.ZERO
    assert KINDS["programme_points"].floor is Floor.NONE
