"""What holds of fees and invoices; ``manage.py verify`` proves it with all else."""

from okplatform.kernel.db import call
from okplatform.kernel.invariants import MOST_SHOWN, Proof, invariant, prove_none
from payments.bookkeeping.vat import dated_rates

# Computed anew from the payments and the plans; a sale whose event still waits for its handlers
# has time until then. What was priced by nobody costs nothing.
FEES = """
SELECT breach FROM (
    SELECT 'sale ' || coalesce(due.sale_id, fee.subject_id) || ' should cost '
        || coalesce(due.amount::text, 'nothing') || ' and accrued '
        || coalesce(fee.amount::text, 'nothing') AS breach
    FROM fees_of((SELECT coalesce(array_agg(sale_id), '{}') FROM payments_payment
                  WHERE mode = 'live'), %s::date[], %s::int[]) AS due
    FULL JOIN (SELECT * FROM payments_fee WHERE kind = 'payment') AS fee
        ON fee.subject_id = due.sale_id
    WHERE (due.merchant_id, due.channel, due.price_id, due.amount, due.vat_rate_bp, due.day)
            IS DISTINCT FROM (fee.merchant_id, fee.channel, fee.price_id, fee.amount,
                fee.vat_rate_bp, fee.accrued_on)
        AND NOT EXISTS (
            SELECT FROM kernel_outboxitem item
            WHERE item.aggregate_type = 'sale' AND item.aggregate_id = due.sale_id::text)
) AS found LIMIT %s
"""


@invariant("fees_are_payments_by_plan")
def fees_are_payments_by_plan() -> Proof:
    """Prove that each live payment has accrued its fee, once, by the plan and VAT of its day."""
    days, rates = zip(*dated_rates(), strict=True)
    looked_at = call("SELECT count(*) FROM payments_payment WHERE mode = 'live'")[0][0]
    found = call(FEES, [list(days), list(rates), MOST_SHOWN])
    return Proof(rows=int(looked_at), breaches=[str(row[0]) for row in found])


# As above; a refund of a month ago has its price of then.
HANDLING = """
SELECT breach FROM (
    SELECT 'refund ' || coalesce(due.refund_id, fee.subject_id) || ' should cost '
        || coalesce(due.amount::text, 'nothing') || ' and accrued '
        || coalesce(fee.amount::text, 'nothing') AS breach
    FROM fees_of_handling((SELECT coalesce(array_agg(sale_return_id), '{}') FROM payments_refund
                           WHERE mode = 'live' AND attempt = 1), %s::date[], %s::int[]) AS due
    FULL JOIN (SELECT * FROM payments_fee WHERE kind = 'handling') AS fee
        ON fee.subject_id = due.refund_id
    WHERE (due.merchant_id, due.sale_id, due.price_id, due.amount, due.vat_rate_bp, due.day)
            IS DISTINCT FROM (fee.merchant_id, fee.sale_id, fee.price_id, fee.amount,
                fee.vat_rate_bp, fee.accrued_on)
        AND NOT EXISTS (
            SELECT FROM kernel_outboxitem item
            WHERE item.aggregate_type = 'sale' AND item.aggregate_id = due.sale_id::text)
) AS found LIMIT %s
"""


@invariant("refunds_cost_what_plans_say")
def refunds_cost_what_plans_say() -> Proof:
    """Prove that each live refund has accrued its own fee, once, where the plan asks one."""
    days, rates = zip(*dated_rates(), strict=True)
    looked_at = call("SELECT count(*) FROM payments_refund WHERE mode = 'live'")[0][0]
    found = call(HANDLING, [list(days), list(rates), MOST_SHOWN])
    return Proof(rows=int(looked_at), breaches=[str(row[0]) for row in found])


@invariant("fees_given_back_were_asked")
def fees_given_back_were_asked() -> Proof:
    """Prove that refunds give back no more than the payment's fee, by a price that says so.

    And that a month costs what its price says.
    """
    return prove_none(
        rows="SELECT count(*) FROM payments_fee WHERE kind IN ('refund', 'monthly')",
        breaches="""
            SELECT 'refunds of sale ' || back.sale_id || ' gave back ' || -sum(back.amount)
                || ' of ' || coalesce(max(fee.amount), 0)
            FROM payments_fee back
            LEFT JOIN payments_fee fee ON fee.kind = 'payment' AND fee.subject_id = back.sale_id
            LEFT JOIN payments_plan_price price ON price.id = back.price_id
            WHERE back.kind = 'refund' GROUP BY back.sale_id
            HAVING -sum(back.amount) > coalesce(max(fee.amount), 0)
                OR NOT coalesce(bool_and(price.returns_fees), false)
            UNION ALL
            SELECT 'month ' || fee.subject_id || ' of merchant ' || fee.merchant_id || ' costs '
                || fee.amount || ', its price says ' || coalesce(price.monthly::text, 'nothing')
            FROM payments_fee fee LEFT JOIN payments_plan_price price ON price.id = fee.price_id
            WHERE fee.kind = 'monthly' AND fee.amount IS DISTINCT FROM price.monthly
        """,
    )


@invariant("invoices_are_their_fees")
def invoices_are_their_fees() -> Proof:
    """Prove that the lines of an invoice are the fees on it: it drills down, to the 1/100 cent."""
    return prove_none(
        rows="SELECT count(*) FROM payments_invoice_line",
        breaches="""
            SELECT 'line ' || coalesce(line.name, 'none') || ' of invoice '
                || coalesce(line.invoice_id, fee.invoice_id) || ' asks '
                || coalesce(line.accrued, 0) || ' for ' || coalesce(line.count, 0)
                || ' and holds ' || coalesce(fee.accrued, 0) || ' for ' || coalesce(fee.count, 0)
            FROM (
                SELECT line.* FROM payments_invoice_line line
                JOIN payments_invoice invoice ON invoice.id = line.invoice_id
                    AND invoice.kind = 'invoice'
            ) AS line
            FULL JOIN (
                SELECT invoice_id, kind, channel, vat_rate_bp, fixed, percentage_bp,
                    count(*) AS count, sum(amount) AS accrued
                FROM payments_fee_priced
                WHERE invoice_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
            ) AS fee USING (invoice_id, kind, channel, vat_rate_bp, fixed, percentage_bp)
            WHERE (line.count, line.accrued) IS DISTINCT FROM (fee.count, fee.accrued)
        """,
    )


@invariant("invoices_add_up")
def invoices_add_up() -> Proof:
    """Prove that an invoice is the sum of its lines, with VAT per rate on the sum, half up.

    And that a credit note says what its invoice says.
    """
    return prove_none(
        rows="SELECT count(*) FROM payments_invoice",
        breaches="""
            WITH summed AS (
                SELECT invoice_id, sum(net) AS net, sum(fees_half_up(net * rate, 10000)) AS vat,
                    sum(net) - fees_half_up(sum(accrued)::bigint, 100) AS rounding
                FROM (
                    SELECT invoice_id, vat_rate_bp AS rate, sum(net)::bigint AS net,
                        sum(accrued) AS accrued
                    FROM payments_invoice_line GROUP BY invoice_id, vat_rate_bp
                ) AS rated GROUP BY invoice_id
            )
            SELECT 'invoice ' || invoice.number || ' asks ' || invoice.net || ' and '
                || invoice.vat || ' VAT, its lines ' || coalesce(summed.net, 0) || ' and '
                || coalesce(summed.vat, 0)
            FROM payments_invoice invoice LEFT JOIN summed ON summed.invoice_id = invoice.id
            WHERE (invoice.net, invoice.vat, invoice.rounding)
                IS DISTINCT FROM (summed.net, summed.vat, summed.rounding)
            UNION ALL
            SELECT 'credit note ' || note.number || ' is of ' || note.gross || ', invoice '
                || invoice.number || ' of ' || invoice.gross
            FROM payments_invoice note JOIN payments_invoice invoice ON invoice.id = note.credits_id
            WHERE (note.net, note.vat, note.rounding)
                <> (invoice.net, invoice.vat, invoice.rounding)
        """,
    )


@invariant("invoices_are_booked")
def invoices_are_booked() -> Proof:
    """Prove that each invoice and credit note is booked once, for what it says, and no other is."""
    return prove_none(
        rows="SELECT count(*) FROM payments_invoice",
        breaches="""
            SELECT 'invoice ' || coalesce(invoice.number, booked.reference) || ' asks '
                || coalesce(invoice.gross, 0) || ' and booked are ' || coalesce(booked.gross, 0)
            FROM (
                SELECT *, CASE kind WHEN 'invoice' THEN 1 ELSE -1 END AS sign
                FROM payments_invoice
            ) AS invoice
            FULL JOIN (
                SELECT posting.reference,
                    CASE posting.kind WHEN 'invoice_issued' THEN 1 ELSE -1 END AS sign,
                    coalesce(-sum(entry.amount) FILTER (
                        WHERE account.kind = 'merchant_payable'), 0) AS settled,
                    coalesce(-sum(entry.amount) FILTER (
                        WHERE account.kind IN ('merchant_payable', 'invoices_open')), 0) AS gross,
                    coalesce(sum(entry.amount) FILTER (
                        WHERE account.kind IN ('fees_earned', 'fee_rounding')), 0) AS net,
                    coalesce(sum(entry.amount) FILTER (
                        WHERE account.kind = 'fee_rounding'), 0) AS rounding,
                    max(account.owner_id) FILTER (WHERE account.kind = 'merchant_payable')
                        AS merchant_id
                FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                    AND entry.xid = posting.xid
                JOIN payments_account account ON account.id = entry.account_id
                WHERE posting.kind IN ('invoice_issued', 'invoice_credited')
                GROUP BY posting.id
            ) AS booked ON booked.reference = invoice.id::text AND booked.sign = invoice.sign
            WHERE (invoice.gross, invoice.settled, invoice.net, invoice.rounding)
                    IS DISTINCT FROM (booked.gross * booked.sign, booked.settled * booked.sign,
                        booked.net * booked.sign, booked.rounding * booked.sign)
                OR booked.merchant_id <> invoice.merchant_id
        """,
    )


@invariant("open_invoices_are_expected")
def open_invoices_are_expected() -> Proof:
    """Prove that what is open on invoices is expected by bank, no more and no less."""
    return prove_none(
        rows="SELECT count(*) FROM payments_invoice WHERE kind = 'invoice'",
        breaches="""
            SELECT 'invoice ' || invoice.number || ' has ' || invoice.gross - invoice.settled
                || ' to be paid by bank, expected is ' || coalesce(expected.amount::text, 'nothing')
            FROM payments_invoice invoice
            LEFT JOIN payments_expectation expected
                ON expected.kind = 'invoice' AND expected.subject_id = invoice.id
            WHERE invoice.kind = 'invoice'
                AND nullif(invoice.gross - invoice.settled, 0) IS DISTINCT FROM expected.amount
        """,
    )


@invariant("invoices_are_numbered_without_gaps")
def invoices_are_numbered_without_gaps() -> Proof:
    """Prove that a year's invoices are numbered from 1, each number once, none left out."""
    return prove_none(
        rows="SELECT count(*) FROM payments_invoice",
        breaches="""
            SELECT 'of ' || coalesce(series.year, numbered.year) || ' ' || coalesce(series.last, 0)
                || ' numbers were given out, ' || coalesce(numbered.count, 0)
                || ' invoices go up to ' || coalesce(numbered.last, 0)
            FROM payments_invoice_series series
            FULL JOIN (
                SELECT year, count(*), min(sequence) AS first, max(sequence) AS last
                FROM payments_invoice GROUP BY year
            ) AS numbered ON numbered.year = series.year
            WHERE (series.last, series.last, 1)
                IS DISTINCT FROM (numbered.last, numbered.count, numbered.first)
        """,
    )


@invariant("invoices_are_kept_as_sent")
def invoices_are_kept_as_sent() -> Proof:
    """Prove that an invoice is kept on paper, and byte for byte what was made."""
    return prove_none(
        rows="SELECT count(*) FROM payments_invoice_file",
        breaches="""
            SELECT form || ' of invoice ' || invoice_id || ' is no longer what was written'
            FROM payments_invoice_file WHERE encode(sha256(content), 'hex') <> sha256
            UNION ALL
            SELECT 'invoice ' || number || ' is not kept' FROM payments_invoice invoice
            WHERE NOT EXISTS (SELECT FROM payments_invoice_file kept
                WHERE kept.invoice_id = invoice.id AND kept.form = 'pdf')
        """,
    )
