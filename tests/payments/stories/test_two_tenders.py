"""Alice's groceries come to € 25.00: € 5.00 in cash, the rest with OK.

    what a shopper owes   Alice's bank account   -20.00
    what a merchant is owed   Bakkerij Bol       +20.00

Cash lies in the bakery's own till: OK neither has it nor owes it, so it is not booked.
"""

from okplatform.kernel.db import transaction
from payments.models import BankAccount, Posting
from tests.payments.books import close, held, owed_by, owed_to, take
from tests.support.proofs import prove
from tests.support.world import World


def test_only_the_ok_part_is_booked(world: World, account: BankAccount) -> None:
    till = world.till
    with transaction():
        sale_id = close(till, ("cash", 500), ("ok", 2_000))
        take(sale_id, till, account, 2_000)

    assert held(owed_by(account)) == -2_000
    assert held(owed_to(world.till)) == 2_000
    prove()


def test_a_sale_without_ok_is_not_booked_at_all(world: World) -> None:
    till = world.till
    with transaction():
        close(till, ("pin", 2_500))

    assert held(owed_to(world.till)) == 0
    assert not Posting.objects.exists()
    prove()
