"""Add closed sales, and what came back, to the live roll-up."""

from collections.abc import Sequence

from okplatform.kernel.db import call, transaction_required

# Locks rows in one order, so that two relays at work never wait for each other in a circle.
ROLL_UP = """
INSERT INTO merchants_livefigure AS figure
    (merchant_id, store_id, mode, day, quarter, sales, turnover, discount, members, points_earned,
     as_of)
SELECT merchant_id, store_id, mode, local::date,
       (extract(hour FROM local) * 4 + floor(extract(minute FROM local) / 15))::smallint,
       count(*), sum(due), sum(discount), count(person_id), sum(points_earned), max(closed_at)
FROM (SELECT sale.*, sale.closed_at AT TIME ZONE store.timezone AS local
      FROM trade_sale sale JOIN parties_store store ON store.id = sale.store_id
      WHERE {which}) AS closed
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5
ON CONFLICT (merchant_id, mode, day, store_id, quarter) DO UPDATE SET
    sales = figure.sales + excluded.sales,
    turnover = figure.turnover + excluded.turnover,
    discount = figure.discount + excluded.discount,
    members = figure.members + excluded.members,
    points_earned = figure.points_earned + excluded.points_earned,
    as_of = greatest(figure.as_of, excluded.as_of)
"""

# What came back counts in the store and the quarter where it came back.
ROLL_UP_RETURNS = """
INSERT INTO merchants_livefigure AS figure
    (merchant_id, store_id, mode, day, quarter, sales, turnover, discount, members, points_earned,
     refunds, refunded, as_of)
SELECT merchant_id, store_id, mode, local::date,
       (extract(hour FROM local) * 4 + floor(extract(minute FROM local) / 15))::smallint,
       0, 0, 0, 0, 0, count(*), sum(amount), max(returned_at)
FROM (SELECT back.*, back.returned_at AT TIME ZONE store.timezone AS local
      FROM trade_return back JOIN parties_store store ON store.id = back.store_id
      WHERE back.id = ANY(%s)) AS came
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5
ON CONFLICT (merchant_id, mode, day, store_id, quarter) DO UPDATE SET
    refunds = figure.refunds + excluded.refunds,
    refunded = figure.refunded + excluded.refunded,
    as_of = greatest(figure.as_of, excluded.as_of)
"""


@transaction_required
def roll_up(*, sale_ids: Sequence[int]) -> None:
    """Add these closed sales; the caller sees to it that none is added twice."""
    call(ROLL_UP.format(which="sale.id = ANY(%s)"), [list(sale_ids)])


@transaction_required
def roll_up_range(*, merchant_id: int, first_id: int, last_id: int) -> None:
    """Add a merchant's closed sales with ids from ``first_id`` to ``last_id``: an import's twin."""
    call(
        ROLL_UP.format(
            which="sale.merchant_id = %s AND sale.id BETWEEN %s AND %s AND closed_at IS NOT NULL"
        ),
        [merchant_id, first_id, last_id],
    )


@transaction_required
def roll_up_returns(*, return_ids: Sequence[int]) -> None:
    """Add what came back; the caller sees to it that none is added twice."""
    call(ROLL_UP_RETURNS, [list(return_ids)])
