"""The proofs of settlement.

That a payment is in one collection and one payout, keys hold; that it is in none too few, and that
sums agree with the books, is proved here.
"""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("bookings_reach_settlement")
def bookings_reach_settlement() -> Proof:
    """Prove that what shoppers owe is all in a queue, and what merchants are owed.

    What an account holds is what waits, and what is on its way or came back. Of bookings that the
    last gathering has not seen yet nothing is said.
    """
    return prove_none(
        rows="""
            SELECT (SELECT count(*) FROM payments_collection_item)
                + (SELECT count(*) FROM payments_payout_item)
        """,
        breaches="""
            SELECT account.kind || ' ' || account.id || ' was booked ' || sum(entry.amount)
                || ' by posting ' || entry.posting_id || ', which is not in settlement by that'
            FROM payments_entry entry
            JOIN payments_account account ON account.id = entry.account_id
            JOIN payments_posting posting ON posting.id = entry.posting_id
            WHERE entry.xid <= (SELECT through FROM payments_settlement_mark)
                AND (account.kind = 'merchant_payable' AND posting.kind <> 'payout_ordered'
                    OR account.kind = 'shopper_receivable'
                    AND posting.kind NOT IN ('collection_sent', 'collection_returned'))
            GROUP BY account.id, entry.posting_id
            HAVING sum(entry.amount) IS DISTINCT FROM CASE account.kind
                WHEN 'merchant_payable' THEN (
                    SELECT item.amount FROM payments_payout_item item
                    WHERE item.posting_id = entry.posting_id AND item.merchant_id = account.owner_id
                        AND item.mode = account.mode)
                ELSE (
                    SELECT -item.amount FROM payments_collection_item item
                    WHERE item.posting_id = entry.posting_id
                        AND item.bank_account_id = account.owner_id AND item.mode = account.mode)
                END
        """,
    )


@invariant("collections_are_their_items")
def collections_are_their_items() -> Proof:
    """Prove that a collection is the sum of its items; a retry has taken over those of the first.

    And that a cancelled one has none, and one that was paid at once has its payment among them.
    What was refunded since is off what came back.
    """
    return prove_none(
        rows="SELECT count(*) FROM payments_collection",
        breaches="""
            SELECT 'collection ' || collection.id || ' (' || collection.state || ') of '
                || collection.amount || ' has items of ' || coalesce(sum(item.amount), 0)
            FROM payments_collection collection
            LEFT JOIN payments_collection retry ON retry.retry_of_id = collection.id
            LEFT JOIN payments_collection_item item ON item.collection_id = collection.id
            GROUP BY collection.id, retry.id, retry.amount
            HAVING CASE
                    WHEN collection.state IN ('cancelled', 'paid') OR retry.id IS NOT NULL
                    THEN coalesce(sum(item.amount), 0) <> 0
                    WHEN collection.state = 'returned'
                    THEN coalesce(sum(item.amount), 0) NOT BETWEEN 0 AND collection.amount
                        OR (coalesce(sum(item.amount), 0) = 0)
                            <> (collection.follow_up = 'refunded')
                    ELSE coalesce(sum(item.amount), 0) <> collection.amount END
                OR retry.amount > collection.amount
        """,
    )


@invariant("payouts_are_their_items")
def payouts_are_their_items() -> Proof:
    """Prove that a payout is the sum of its items: it drills down, to the cent."""
    return prove_none(
        rows="SELECT count(*) FROM payments_payout",
        breaches="""
            SELECT 'payout ' || payout.id || ' of ' || payout.amount || ' has items of '
                || coalesce(sum(item.amount), 0)
            FROM payments_payout payout
            LEFT JOIN payments_payout_item item ON item.payout_id = payout.id
            GROUP BY payout.id HAVING payout.amount <> coalesce(sum(item.amount), 0)
        """,
    )


@invariant("settlement_is_booked")
def settlement_is_booked() -> Proof:
    """Prove that what was sent, ordered or came back is booked, once, and nothing else is."""
    return prove_none(
        rows="""
            SELECT (SELECT count(*) FROM payments_collection)
                + (SELECT count(*) FROM payments_payout)
        """,
        breaches="""
            SELECT coalesce(moved.kind, booked.kind) || ' ' || coalesce(moved.reference,
                booked.reference) || ' is of ' || coalesce(moved.amount, 0) || ' and booked are '
                || coalesce(booked.amount, 0)
            FROM (
                SELECT 'collection_sent' AS kind, id::text AS reference, mode, bank_account_id AS
                    owner, house_account_id, amount
                FROM payments_collection WHERE outgoing_file_id IS NOT NULL
                UNION ALL
                SELECT 'collection_returned', id || '-' || attempt, mode, bank_account_id,
                    house_account_id, -amount
                FROM payments_collection WHERE returned_on IS NOT NULL
                UNION ALL
                SELECT 'payout_ordered', id::text, mode, merchant_id, house_account_id, -amount
                FROM payments_payout
                UNION ALL
                SELECT 'payout_returned', id::text, mode, merchant_id, house_account_id, amount
                FROM payments_payout WHERE state = 'returned'
            ) AS moved
            FULL JOIN (
                SELECT posting.kind, posting.reference, posting.mode,
                    max(account.owner_id) FILTER (WHERE account.kind IN
                        ('shopper_receivable', 'merchant_payable')) AS owner,
                    max(account.owner_id) FILTER (WHERE account.kind IN
                        ('collections_in_transit', 'payouts_in_transit')) AS house_account_id,
                    sum(entry.amount) FILTER (WHERE account.kind IN
                        ('shopper_receivable', 'merchant_payable')) AS amount
                FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                WHERE posting.kind IN ('collection_sent', 'collection_returned', 'payout_ordered',
                    'payout_returned')
                GROUP BY posting.id
            ) AS booked ON (booked.kind, booked.reference, booked.mode)
                = (moved.kind, moved.reference, moved.mode)
            WHERE (moved.owner, moved.house_account_id, moved.amount)
                IS DISTINCT FROM (booked.owner, booked.house_account_id, booked.amount)
        """,
    )


@invariant("files_are_what_was_asked")
def files_are_what_was_asked() -> Proof:
    """Prove that a file is byte for byte what was made, and holds what refers to it."""
    return prove_none(
        rows="SELECT count(*) FROM payments_outgoing_file",
        breaches="""
            SELECT 'file ' || name || ' is no longer what was written'
            FROM payments_outgoing_file WHERE encode(sha256(content), 'hex') <> sha256
            UNION ALL
            SELECT 'file ' || file.name || ' has ' || file.transactions || ' orders of '
                || file.total || ', asked were ' || count(asked.amount) || ' of '
                || coalesce(sum(asked.amount), 0)
            FROM payments_outgoing_file file
            LEFT JOIN (
                SELECT outgoing_file_id, amount, 'pain.008' AS kind FROM payments_collection
                UNION ALL
                SELECT outgoing_file_id, amount, 'pain.001' FROM payments_payout
                UNION ALL
                SELECT outgoing_file_id, amount, 'pain.001' FROM payments_refund
                UNION ALL
                SELECT outgoing_file_id, 1, 'pain.001' FROM payments_ownership_proof
            ) AS asked ON asked.outgoing_file_id = file.id AND asked.kind = file.kind
            GROUP BY file.id
            HAVING (file.transactions, file.total)
                <> (count(asked.amount), coalesce(sum(asked.amount), 0))
        """,
    )
