"""Alice buys bread for € 18.40 at Bakkerij Bol and pays with OK.

    what a shopper owes   Alice's bank account   -18.40
    what a merchant is owed   Bakkerij Bol       +18.40

Until her bank has paid she owes it to OK; until it is paid out OK owes it to the bakery.
"""

from okplatform.kernel.tenancy import operator_scope
from payments.models import BankAccount, Payment
from payments.queries import statement
from tests.payments.books import held, owed_by, owed_to, sell
from tests.support.proofs import prove
from tests.support.world import NOW, World


def test_a_sale_paid_with_ok(world: World, account: BankAccount) -> None:
    sale_id = sell(world.till, account, 1_840)

    assert held(owed_by(account)) == -1_840
    assert held(owed_to(world.till)) == 1_840
    with operator_scope("the test looks"):
        payment = Payment.objects.get()
    assert (payment.sale_id, payment.amount, payment.currency) == (sale_id, 1_840, "EUR")
    assert (payment.bank_account_id, payment.captured_at) == (account.pk, NOW)
    prove()


def test_a_second_sale_adds_to_the_first(world: World, account: BankAccount) -> None:
    first = sell(world.till, account, 1_840)
    second = sell(world.till, account, 260)

    lines = statement(owed_by(account), mode="live", limit=10)
    assert [(line.reference, line.amount, line.balance) for line in lines] == [
        (str(second), -260, -2_100),
        (str(first), -1_840, -1_840),
    ]
    newest = statement(owed_by(account), mode="live", limit=1)
    assert newest == lines[:1]
