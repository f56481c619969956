"""What holds of card payments outside OK; ``manage.py verify`` proves it beside the others."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("cards_are_their_sales")
def cards_are_their_sales() -> Proof:
    """Prove that what is followed paid a closed sale of that merchant, by that amount."""
    return prove_none(
        rows="SELECT count(*) FROM payments_external_tender",
        breaches="""
            SELECT followed.kind || ' of ' || followed.amount || ' of sale ' || followed.sale_id
                || ' is not what paid it'
            FROM payments_external_tender followed
            LEFT JOIN trade_tender tender
                ON (tender.sale_id, tender.number) = (followed.sale_id, followed.number)
            LEFT JOIN trade_sale sale ON sale.id = followed.sale_id AND sale.state = 'closed'
            WHERE (sale.merchant_id, sale.mode, sale.closed_at, tender.kind, tender.amount,
                    tender.reference)
                IS DISTINCT FROM (followed.merchant_id, followed.mode, followed.sold_at,
                    followed.kind, followed.amount, followed.reference)
        """,
    )


@invariant("acquirer_files_are_whole")
def acquirer_files_are_whole() -> Proof:
    """Prove that a file has the lines that it came with, and a batch is the sum of its lines."""
    return prove_none(
        rows="""
            SELECT (SELECT count(*) FROM payments_acquirer_file)
                + (SELECT count(*) FROM payments_acquirer_batch)
        """,
        breaches="""
            SELECT 'file ' || file.id || ' came with ' || file.lines || ' lines and has '
                || lines.count + arrivals.count
            FROM payments_acquirer_file file
            CROSS JOIN LATERAL (
                SELECT count(*) FROM payments_acquirer_line WHERE file_id = file.id) AS lines
            CROSS JOIN LATERAL (
                SELECT count(*) FROM payments_acquirer_arrival WHERE file_id = file.id) AS arrivals
            WHERE file.lines <> lines.count + arrivals.count
            UNION ALL
            SELECT 'batch ' || batch.id || ' of ' || batch.gross || ' less ' || batch.fee
                || ' has lines of ' || coalesce(sum(line.amount), 0) || ' less '
                || coalesce(sum(line.fee), 0)
            FROM payments_acquirer_batch batch
            LEFT JOIN payments_acquirer_line line ON line.batch_id = batch.id
            GROUP BY batch.id
            HAVING (batch.lines, batch.gross, batch.fee)
                <> (count(line.id), coalesce(sum(line.amount), 0), coalesce(sum(line.fee), 0))
        """,
    )


@invariant("cards_have_their_other_half")
def cards_have_their_other_half() -> Proof:
    """Prove that a matched line has one card payment of its amount, and arrivals their batch."""
    return prove_none(
        rows="""
            SELECT (SELECT count(*) FROM payments_acquirer_line)
                + (SELECT count(*) FROM payments_acquirer_arrival)
        """,
        breaches="""
            SELECT 'line ' || line.id || ' of ' || line.amount || ' is ' || line.state
                || ' and settles ' || coalesce(tender.amount::text, 'nothing')
            FROM payments_acquirer_line line
            LEFT JOIN payments_external_tender tender ON tender.line_id = line.id
            WHERE (line.state = 'matched') <> (tender.line_id IS NOT NULL)
                OR tender.amount <> line.amount OR tender.state <> 'matched'
            UNION ALL
            SELECT 'batch ' || batch.id || ' has ' || batch.arrived || ' arrived, by the bank '
                || coalesce(came.amount, 0)
            FROM payments_acquirer_batch batch
            LEFT JOIN (
                SELECT batch_id, sum(amount) AS amount FROM payments_acquirer_arrival
                WHERE state = 'matched' GROUP BY batch_id
            ) AS came ON came.batch_id = batch.id
            WHERE batch.arrived <> coalesce(came.amount, 0)
                OR (batch.arrived_on IS NULL) <> (came.batch_id IS NULL)
        """,
    )


@invariant("cards_are_guarded")
def cards_are_guarded() -> Proof:
    """Prove that what acquirers and banks said, and what was sold, cannot be changed."""
    return prove_none(
        rows="SELECT count(*) FROM payments_acquirer_account",
        breaches="""
            SELECT guard.place || ' is not guarded by ' || guard.name
            FROM (VALUES
                ('payments_acquirer_file', 'acquirer_file_never_changes'),
                ('payments_acquirer_batch', 'acquirer_batch_is_never_deleted'),
                ('payments_acquirer_batch', 'acquirer_batch_stays_as_said'),
                ('payments_acquirer_line', 'acquirer_line_is_never_deleted'),
                ('payments_acquirer_line', 'acquirer_line_stays_as_said'),
                ('payments_acquirer_arrival', 'acquirer_arrival_is_never_deleted'),
                ('payments_acquirer_arrival', 'acquirer_arrival_stays_as_said'),
                ('payments_external_tender', 'external_tender_is_never_deleted'),
                ('payments_external_tender', 'external_tender_stays_as_sold')
            ) AS guard (place, name)
            WHERE NOT EXISTS (
                SELECT FROM pg_trigger WHERE tgrelid = guard.place::regclass
                    AND tgname = guard.name AND tgenabled IN ('O', 'A')
            )
        """,
    )
