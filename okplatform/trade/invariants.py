"""What holds of sales; ``manage.py verify`` proves it.

Most of it PostgreSQL refuses to break in the first place. The proof is for the day that somebody
switched a trigger off.
"""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("lines_add_up_to_their_sale")
def lines_add_up_to_their_sale() -> Proof:
    """Prove that closed sales have lines from 1 that sum to them, and other sales have none."""
    return prove_none(
        rows="SELECT count(*) FROM trade_sale",
        breaches="""
            SELECT 'sale ' || coalesce(sale.id, lines.sale_id) || ' is '
                || coalesce(sale.state, 'unknown') || ' at ' || coalesce(sale.gross, 0) || ' less '
                || coalesce(sale.discount, 0) || ', its lines are '
                || coalesce(lines.gross, 0) || ' less ' || coalesce(lines.discount, 0)
            FROM trade_sale sale
            FULL JOIN (
                SELECT sale_id, sum(gross) AS gross, sum(discount) AS discount,
                    min(number) AS first, max(number) AS last, count(*) AS count
                FROM trade_sale_line GROUP BY sale_id
            ) AS lines ON lines.sale_id = sale.id
            WHERE (sale.state = 'closed') IS DISTINCT FROM (lines.sale_id IS NOT NULL)
                OR lines.gross <> sale.gross OR lines.discount <> sale.discount
                OR lines.first <> 1 OR lines.last <> lines.count
        """,
    )


@invariant("tenders_add_up_to_their_sale")
def tenders_add_up_to_their_sale() -> Proof:
    """Prove that closed sales are paid by what was due, and other sales by nothing."""
    return prove_none(
        rows="SELECT count(*) FROM trade_sale",
        breaches="""
            SELECT 'sale ' || coalesce(sale.id, tenders.sale_id) || ' is '
                || coalesce(sale.state, 'unknown') || ' and due ' || coalesce(sale.due, 0)
                || ', its tenders are ' || coalesce(tenders.amount, 0)
            FROM trade_sale sale
            FULL JOIN (
                SELECT sale_id, sum(amount) AS amount FROM trade_tender GROUP BY sale_id
            ) AS tenders ON tenders.sale_id = sale.id
            WHERE sale.id IS NULL
                OR CASE WHEN sale.state = 'closed' THEN sale.due ELSE 0 END
                    <> coalesce(tenders.amount, 0)
        """,
    )


@invariant("discounts_are_explained")
def discounts_are_explained() -> Proof:
    """Prove that the reasons on a line sum to what came off it."""
    return prove_none(
        rows="SELECT count(*) FROM trade_sale_line",
        breaches="""
            SELECT 'line ' || line.number || ' of sale ' || line.sale_id || ' has ' || line.discount
                || ' off and reasons for ' || reasons.amount
            FROM trade_sale_line line
            CROSS JOIN LATERAL (
                SELECT coalesce(sum((reason ->> 'amount')::bigint), 0) AS amount
                FROM jsonb_array_elements(line.reasons) reason
            ) AS reasons
            WHERE (line.discount > 0 OR line.reasons <> '[]') AND reasons.amount <> line.discount
        """,
    )


@invariant("sales_stay_with_their_merchant")
def sales_stay_with_their_merchant() -> Proof:
    """Prove that sales, lines, tenders and products refer to their own merchant's rows."""
    return prove_none(
        rows="""
            SELECT (SELECT count(*) FROM trade_sale) + (SELECT count(*) FROM trade_sale_line)
                + (SELECT count(*) FROM trade_tender) + (SELECT count(*) FROM trade_product)
        """,
        breaches="""
            SELECT 'sale ' || sale.id || ' is in a store or at a till of another merchant'
            FROM trade_sale sale
            LEFT JOIN parties_store store ON store.id = sale.store_id
            LEFT JOIN parties_terminal terminal ON terminal.id = sale.terminal_id
            WHERE (sale.store_id IS NOT NULL
                    AND store.merchant_id IS DISTINCT FROM sale.merchant_id)
                OR (sale.terminal_id IS NOT NULL
                    AND terminal.store_id IS DISTINCT FROM sale.store_id)
            UNION ALL
            SELECT 'line ' || line.number || ' of sale ' || line.sale_id
                || ' is another merchant''s'
            FROM trade_sale_line line
            LEFT JOIN trade_sale sale ON sale.id = line.sale_id
            LEFT JOIN trade_product product ON product.id = line.product_id
            WHERE sale.merchant_id IS DISTINCT FROM line.merchant_id
                OR (line.product_id IS NOT NULL
                    AND product.merchant_id IS DISTINCT FROM line.merchant_id)
            UNION ALL
            SELECT 'tender ' || tender.number || ' of sale ' || tender.sale_id
                || ' is another merchant''s'
            FROM trade_tender tender
            LEFT JOIN trade_sale sale ON sale.id = tender.sale_id
            WHERE sale.merchant_id IS DISTINCT FROM tender.merchant_id
            UNION ALL
            SELECT 'product ' || product.id || ' is in a category of another merchant'
            FROM trade_product product
            LEFT JOIN trade_category category ON category.id = product.category_id
            WHERE product.category_id IS NOT NULL
                AND category.merchant_id IS DISTINCT FROM product.merchant_id
        """,
    )


@invariant("sales_are_live_or_test")
def sales_are_live_or_test() -> Proof:
    """Prove that a sale, its lines, tenders and shopper are all live or all test."""
    return prove_none(
        rows="""
            SELECT (SELECT count(*) FROM trade_sale) + (SELECT count(*) FROM trade_sale_line)
                + (SELECT count(*) FROM trade_tender)
        """,
        breaches="""
            SELECT sale.mode || ' sale ' || sale.id || ' has a ' || person.mode || ' shopper'
            FROM trade_sale sale JOIN parties_person person ON person.id = sale.person_id
            WHERE person.mode <> sale.mode
            UNION ALL
            SELECT sale.mode || ' sale ' || sale.id || ' has a ' || line.mode || ' line'
            FROM trade_sale_line line JOIN trade_sale sale ON sale.id = line.sale_id
            WHERE line.mode <> sale.mode
            UNION ALL
            SELECT sale.mode || ' sale ' || sale.id || ' has a ' || tender.mode || ' tender'
            FROM trade_tender tender JOIN trade_sale sale ON sale.id = tender.sale_id
            WHERE tender.mode <> sale.mode
        """,
    )


@invariant("returns_fit_their_sale")
def returns_fit_their_sale() -> Proof:
    """Prove that no more came back of a sale than it was: per line and per kind of tender."""
    return prove_none(
        rows="SELECT count(*) FROM trade_return",
        breaches="""
            SELECT 'line ' || came.number || ' of sale ' || came.sale_id || ' came back for '
                || came.amount || ' (' || came.quantity || '), sold was '
                || coalesce(sold.paid, 0) || ' (' || coalesce(sold.quantity, 0) || ')'
            FROM (
                SELECT back.sale_id, line.number, sum(line.quantity) AS quantity,
                    sum(line.amount) AS amount, sum(line.vat) AS vat
                FROM trade_return back JOIN trade_return_line line ON line.sale_return_id = back.id
                GROUP BY back.sale_id, line.number
            ) AS came
            LEFT JOIN trade_sale_line sold
                ON (sold.sale_id, sold.number) = (came.sale_id, came.number)
            WHERE (came.quantity <= sold.quantity AND came.amount <= sold.paid
                AND came.vat <= sold.vat) IS NOT TRUE
            UNION ALL
            SELECT 'sale ' || came.sale_id || ' was given back ' || came.amount || ' by '
                || came.kind || ', which paid ' || coalesce(paid.amount, 0)
            FROM (
                SELECT back.sale_id, tender.kind, sum(tender.amount) AS amount
                FROM trade_return back
                JOIN trade_return_tender tender ON tender.sale_return_id = back.id
                GROUP BY back.sale_id, tender.kind
            ) AS came
            LEFT JOIN (
                SELECT sale_id, kind, sum(amount) AS amount FROM trade_tender GROUP BY sale_id, kind
            ) AS paid ON (paid.sale_id, paid.kind) = (came.sale_id, came.kind)
            WHERE came.amount > coalesce(paid.amount, 0)
        """,
    )


@invariant("returns_are_whole")
def returns_are_whole() -> Proof:
    """Prove that a return is the sum of its lines and of its tenders.

    And that it is of a closed sale of its own merchant, mode and currency.
    """
    return prove_none(
        rows="SELECT count(*) FROM trade_return",
        breaches="""
            SELECT 'return ' || back.id || ' of ' || back.amount || ' has lines of '
                || coalesce(lines.amount, 0) || ' and tenders of ' || coalesce(tenders.amount, 0)
            FROM trade_return back
            LEFT JOIN (
                SELECT sale_return_id, sum(amount) AS amount, sum(vat) AS vat
                FROM trade_return_line GROUP BY sale_return_id
            ) AS lines ON lines.sale_return_id = back.id
            LEFT JOIN (
                SELECT sale_return_id, sum(amount) AS amount
                FROM trade_return_tender GROUP BY sale_return_id
            ) AS tenders ON tenders.sale_return_id = back.id
            WHERE (back.amount, back.vat, back.amount)
                IS DISTINCT FROM (lines.amount, lines.vat, coalesce(tenders.amount, 0))
            UNION ALL
            SELECT back.mode || ' return ' || back.id || ' is of a ' || sale.mode || ' sale, '
                || sale.state || ', of merchant ' || sale.merchant_id
            FROM trade_return back JOIN trade_sale sale ON sale.id = back.sale_id
            WHERE (back.merchant_id, back.mode, back.currency, 'closed')
                IS DISTINCT FROM (sale.merchant_id, sale.mode, sale.currency, sale.state)
        """,
    )
