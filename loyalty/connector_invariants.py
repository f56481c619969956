"""What verify proves of sales that another loyalty system was asked about."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("connected_sales_gave_what_was_said")
def connected_sales_gave_what_was_said() -> Proof:
    """Prove that what another system is told it gave is what the lines say that it took off.

    Of who has left OK the lines keep their reasons, and the sale its row.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_connected_sale",
        breaches="""
            SELECT 'sale ' || told.sale_id || ' was told ' || told.given || ', its lines say '
                   || line.given
            FROM loyalty_connected_sale told
            CROSS JOIN LATERAL (
                SELECT coalesce(sum((reason ->> 'amount')::bigint), 0) AS given
                FROM trade_sale_line sold, jsonb_array_elements(sold.reasons) reason
                WHERE sold.sale_id = told.sale_id AND reason ->> 'kind' = 'connector') AS line
            WHERE line.given <> told.given
        """,
    )
