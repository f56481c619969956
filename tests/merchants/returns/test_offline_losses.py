"""What comes back of a sale without a network: of a paid one as ever, of a loss nothing."""

import pytest
from django.test import Client

from okplatform.kernel.db import call
from tests.merchants.returns.desk import Desk
from tests.support.counter import Counter, show, with_bank_account
from tests.support.dark import dark_till
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db


def test_nothing_is_given_back_of_what_nobody_paid(world: World, client: Client) -> None:
    dark = dark_till(Counter(world.haarlem, world.haarlem.key))
    code = show(with_bank_account(world.alice))
    paid, lost = dark.sells(code), dark.sells(code)
    for one in (paid, lost):
        dark.sends(one)
    desk = Desk(world.haarlem)
    refused = desk.refund(str(lost[0]), lines=[(1, 1)])
    assert (refused.status_code, refused.json()["code"]) == (409, "sale_not_paid")
    assert call("SELECT count(*) FROM trade_return") == [(0,)]
    client.force_login(world.olga)
    page = client.get(f"/console/boekhandel-kramer/refunds/{lost[0]}/")
    assert page.status_code == 200
    assert desk.refund(str(paid[0]), lines=[(1, 1)]).status_code == 201
    prove()
