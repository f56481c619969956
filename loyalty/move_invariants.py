"""What ``manage.py verify`` proves of points that move without a sale, and of who pays offers."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("balances_brought_along_are_booked")
def balances_brought_along_are_booked() -> Proof:
    """Prove that what was claimed of other programmes is what waited, once, for one member."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_waiting_balance",
        breaches="""
            SELECT 'balance ' || waiting.id || ' waited with ' || waiting.points
                || ' points, moved were ' || coalesce(move.points, 0)
            FROM loyalty_waiting_balance waiting
            LEFT JOIN loyalty_points_move move ON move.id = waiting.move_id
                AND move.kind = 'brought'
                AND (move.merchant_id, move.mode) = (waiting.merchant_id, waiting.mode)
            WHERE waiting.move_id IS NOT NULL AND move.points IS DISTINCT FROM waiting.points
            UNION ALL
            SELECT 'move ' || move.id || ' brought points that waited nowhere'
            FROM loyalty_points_move move
            WHERE move.kind = 'brought' AND NOT EXISTS (
                SELECT FROM loyalty_waiting_balance waiting WHERE waiting.move_id = move.id)
        """,
    )


@invariant("gifts_of_points_lose_none")
def gifts_of_points_lose_none() -> Proof:
    """Prove that what a member gave is what another member of the programme received."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_points_gift",
        breaches="""
            SELECT 'gift ' || gift.id || ' is of ' || gift.points || ' points, given were '
                || coalesce(-given.points, 0) || ', received ' || coalesce(received.points, 0)
            FROM loyalty_points_gift gift
            LEFT JOIN loyalty_points_move given ON given.id = gift.given_id
                AND given.kind = 'given' AND given.member_id = gift.giver_id
            LEFT JOIN loyalty_points_move received ON received.id = gift.received_id
                AND received.kind = 'received' AND received.member_id <> gift.giver_id
                AND (received.merchant_id, received.mode) = (gift.merchant_id, gift.mode)
            WHERE gift.state = 'given' AND (-given.points, received.points)
                IS DISTINCT FROM (gift.points, gift.points)
            UNION ALL
            SELECT 'move ' || move.id || ' is of no gift'
            FROM loyalty_points_move move
            WHERE move.kind IN ('given', 'received') AND NOT EXISTS (
                SELECT FROM loyalty_points_gift gift
                WHERE move.id IN (gift.given_id, gift.received_id))
        """,
    )


@invariant("moves_of_points_are_booked")
def moves_of_points_are_booked() -> Proof:
    """Prove that each move has its posting, of the same points and the same member."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_points_move",
        breaches="""
            SELECT 'move ' || move.id || ' is of ' || move.points || ' points, booked are '
                || coalesce(booked.points, 0)
            FROM loyalty_points_move move
            LEFT JOIN LATERAL (
                SELECT sum(entry.amount) AS points
                FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                WHERE posting.kind = 'points_' || move.kind AND posting.mode = move.mode
                    AND posting.reference = move.id::text AND account.owner_id = move.member_id
                    AND account.kind = 'member_points'
            ) booked ON true
            WHERE move.points IS DISTINCT FROM booked.points
        """,
    )


@invariant("supplier_shares_are_booked")
def supplier_shares_are_booked() -> Proof:
    """Prove that what each supplier owes in the ledger is its parts of the sales, to the cent."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_supplier_share",
        breaches="""
            SELECT 'supplier ' || coalesce(owed.supplier_id, booked.supplier_id) || ' owes '
                || coalesce(booked.amount, 0) || ' in the ledger, and of its sales '
                || coalesce(owed.amount, 0)
            FROM (
                SELECT supplier_id, mode, sum(amount) AS amount FROM loyalty_supplier_share
                GROUP BY supplier_id, mode
            ) owed
            FULL JOIN (
                SELECT account.owner_id AS supplier_id, account.mode, -sum(entry.amount) AS amount
                FROM payments_account account
                JOIN payments_entry entry ON entry.account_id = account.id
                WHERE account.kind = 'supplier_receivable'
                GROUP BY account.owner_id, account.mode
            ) booked ON (booked.supplier_id, booked.mode) = (owed.supplier_id, owed.mode)
            WHERE coalesce(owed.amount, 0) <> coalesce(booked.amount, 0)
        """,
    )
