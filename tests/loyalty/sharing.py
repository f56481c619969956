"""Two shops that share points: Bakkerij Bol and Charlie's cheese shop."""

from typing_extensions import override

from loyalty.actions.answer_invitation import answer_invitation
from loyalty.actions.begin_circle import begin_circle
from loyalty.actions.invite_to_circle import invite_to_circle
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call
from okplatform.kernel.modes import Mode
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.spending import wish
from tests.support.world import NOW, Place, World

OWED = "SELECT ledger_balance_for('circle_settlement', %s, 'EUR', %s)"


class Dairy(Bakery):
    """The cheese shop as those tests know the bakery: the same goods, its own programme."""

    @staticmethod
    @override
    def till_of(world: World) -> Place:
        return world.gouda


def share(bakery: Bakery, *others: Bakery, points: int = 100, amount: int = 80) -> int:
    """Let shops share: for 100 points that are spent elsewhere € 0.80 is owed."""
    circle_id = begin_circle(
        merchant_id=bakery.merchant_id,
        name="Pluspunten",
        points=points,
        amount=amount,
        actor=SYSTEM,
        now=NOW,
    )
    for other in others:
        answer_invitation(
            merchant_id=other.merchant_id,
            shop_id=invite(bakery, other),
            accept=True,
            actor=SYSTEM,
            now=NOW,
        )
    return circle_id


def invite(bakery: Bakery, other: Bakery) -> int:
    return invite_to_circle(
        merchant_id=bakery.merchant_id,
        reference=other.merchant.reference,
        actor=SYSTEM,
        now=NOW,
    )


def owed(bakery: Bakery, mode: str = Mode.LIVE) -> int:
    """Return what other shops owe this one, in cents."""
    return int(call(OWED, [bakery.merchant_id, mode])[0][0])


def buys_with(dairy: Dairy, person: Person, points: int) -> int:
    """Buy cheese for € 10 and let points pay a part; return the sale."""
    wish(dairy.join(person), points)
    priced = dairy.price(1_000, person)
    assert priced.quote.spent == (points, points)
    sale, _balance = dairy.settle(priced, person)
    return int(sale)
