"""What ``manage.py verify`` proves of the live figures."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("live_figures_equal_the_books")
def live_figures_equal_the_books() -> Proof:
    """Prove that each merchant's roll-up per day is its closed sales, less those still waiting."""
    return prove_none(
        rows="SELECT count(*) FROM merchants_livefigure",
        breaches="""
            WITH waiting AS (
                SELECT (event.payload ->> 'sale_id')::bigint AS sale_id
                FROM kernel_outboxitem item JOIN kernel_event event ON event.id = item.event_id
                WHERE event.type = 'trade.sale_closed'
                  AND NOT 'merchants.analytics.handlers.keep_live_figures' = ANY(item.done)
            ), booked AS (
                SELECT sale.merchant_id, sale.mode, sale.store_id,
                       (sale.closed_at AT TIME ZONE store.timezone)::date AS day,
                       count(*) AS sales, sum(sale.due) AS turnover, sum(sale.discount) AS discount,
                       count(sale.person_id) AS members, sum(sale.points_earned) AS points
                FROM trade_sale sale JOIN parties_store store ON store.id = sale.store_id
                WHERE sale.state = 'closed' AND sale.id NOT IN (SELECT sale_id FROM waiting)
                GROUP BY 1, 2, 3, 4
            ), shown AS (
                SELECT merchant_id, mode, store_id, day, sum(sales) AS sales,
                       sum(turnover) AS turnover, sum(discount) AS discount,
                       sum(members) AS members, sum(points_earned) AS points
                FROM merchants_livefigure GROUP BY 1, 2, 3, 4
                -- On some days a store only takes back.
                HAVING (sum(sales), sum(turnover), sum(discount), sum(members),
                    sum(points_earned)) <> (0, 0, 0, 0, 0)
            )
            SELECT 'store ' || store_id || ' on ' || day || ' (' || mode || '): the page says '
                   || coalesce(shown.turnover::text, 'nothing') || ', the books say '
                   || coalesce(booked.turnover::text, 'nothing')
            FROM booked FULL JOIN shown USING (merchant_id, mode, store_id, day)
            WHERE (booked.sales, booked.turnover, booked.discount, booked.members, booked.points)
                  IS DISTINCT FROM
                  (shown.sales, shown.turnover, shown.discount, shown.members, shown.points)
        """,
    )


@invariant("live_refunds_equal_the_books")
def live_refunds_equal_the_books() -> Proof:
    """Prove that what the roll-up says came back per day is the returns, less those waiting."""
    return prove_none(
        rows="SELECT count(*) FROM merchants_livefigure WHERE refunds > 0",
        breaches="""
            WITH waiting AS (
                SELECT (event.payload ->> 'return_id')::bigint AS return_id
                FROM kernel_outboxitem item JOIN kernel_event event ON event.id = item.event_id
                WHERE event.type = 'trade.sale_refunded'
                  AND NOT 'merchants.analytics.handlers.keep_what_came_back' = ANY(item.done)
            ), booked AS (
                SELECT back.merchant_id, back.mode, back.store_id,
                       (back.returned_at AT TIME ZONE store.timezone)::date AS day,
                       count(*) AS refunds, sum(back.amount) AS refunded
                FROM trade_return back JOIN parties_store store ON store.id = back.store_id
                WHERE back.id NOT IN (SELECT return_id FROM waiting)
                GROUP BY 1, 2, 3, 4
            ), shown AS (
                SELECT merchant_id, mode, store_id, day, sum(refunds) AS refunds,
                       sum(refunded) AS refunded
                FROM merchants_livefigure GROUP BY 1, 2, 3, 4 HAVING sum(refunds) <> 0
            )
            SELECT 'store ' || store_id || ' on ' || day || ' (' || mode || '): the page says '
                   || coalesce(shown.refunded::text, 'nothing') || ' came back, the books say '
                   || coalesce(booked.refunded::text, 'nothing')
            FROM booked FULL JOIN shown USING (merchant_id, mode, store_id, day)
            WHERE (booked.refunds, booked.refunded)
                  IS DISTINCT FROM (shown.refunds, shown.refunded)
        """,
    )
