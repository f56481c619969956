"""What loyalty does when a sale has closed, and when points moved without one."""

from collections.abc import Sequence

from django.urls import reverse

from loyalty.actions.book_shares import begin_shares, follow_shares
from loyalty.actions.claim_balance import claim_for
from loyalty.actions.pay_points_debts import pay_points_debts
from loyalty.actions.place_members import place_members_of
from loyalty.actions.set_least_margin import follow_costs
from loyalty.actions.tell_of_moves import tell_of_moves
from loyalty.actions.tell_of_returns import tell_of_returns
from loyalty.events import MemberJoined, PointsMoved
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.events import Delivered, handles
from okplatform.trade.events import CostsChanged, SaleClosed, SaleRefunded


@handles(SaleClosed)
def pay_what_is_owed(deliveries: Sequence[Delivered[SaleClosed]]) -> None:
    """Let the points of a batch of sales pay what their members owe, and suppliers their part."""
    discounted = [
        delivered.event.sale_id for delivered in deliveries if delivered.event.discount > 0
    ]
    if discounted:
        begin_shares(sale_ids=discounted, now=clock.now())
    earning = [
        delivered.event.sale_id for delivered in deliveries if delivered.event.points_earned > 0
    ]
    if earning:
        pay_points_debts(sale_ids=earning, now=clock.now())


@handles(SaleClosed)
def reach_tiers(deliveries: Sequence[Delivered[SaleClosed]]) -> None:
    """Let members reach a tier by what they have just bought."""
    sold = [one.event.sale_id for one in deliveries if one.event.person_id is not None]
    if sold:
        place_members_of(sale_ids=sold, now=clock.now())


@handles(SaleRefunded)
def lose_what_came_back(deliveries: Sequence[Delivered[SaleRefunded]]) -> None:
    """Count anew for whose purchases came back."""
    place_members_of(sale_ids=[one.event.sale_id for one in deliveries], now=clock.now())


@handles(PointsMoved)
def tell_whose_points_moved(deliveries: Sequence[Delivered[PointsMoved]]) -> None:
    """Let members' phones say that somebody at a shop changed their points."""
    tell_of_moves(
        move_ids=[delivered.event.move_id for delivered in deliveries],
        page=lambda reference: reverse("loyalty:programme", kwargs={"reference": reference}),
        now=clock.now(),
    )


@handles(MemberJoined)
def bring_points_along(deliveries: Sequence[Delivered[MemberJoined]]) -> None:
    """Give who joins the points that wait under the address they have proved."""
    for delivered in deliveries:
        claim_for(
            person_id=delivered.event.person_id,
            member_id=delivered.event.member_id,
            actor=SYSTEM,
            now=clock.now(),
        )


@handles(CostsChanged)
def price_by_other_costs(deliveries: Sequence[Delivered[CostsChanged]]) -> None:
    """Let what products cost count in the next quote."""
    for merchant_id in sorted({delivered.event.merchant_id for delivered in deliveries}):
        follow_costs(merchant_id=merchant_id, now=clock.now())


@handles(SaleRefunded)
def let_suppliers_pay_less(deliveries: Sequence[Delivered[SaleRefunded]]) -> None:
    """Take back what suppliers pay of goods that came back."""
    sales = sorted({delivered.event.sale_id for delivered in deliveries})
    follow_shares(sale_ids=sales, now=clock.now())


@handles(SaleRefunded)
def let_other_systems_hear(deliveries: Sequence[Delivered[SaleRefunded]]) -> None:
    """Tell a chain's own loyalty system what came back of the sales that it was told of."""
    tell_of_returns(returns=[one.event for one in deliveries], now=clock.now())
