"""What ``manage.py verify`` proves of points as money owed."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("liability_is_what_members_have")
def liability_is_what_members_have() -> Proof:
    """Prove that what a programme owes is what its members have, waiting and set aside included.

    And that every posting of a programme says whether points were issued, used or lost: whatever
    else would count as breakage on the page (``loyalty.queries.liability``).
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_programme",
        breaches="""
            SELECT owed.asset || ' (' || owed.mode || '): ' || owed.points
                || ' points are owed, members have ' || coalesce(held.points, 0)
            FROM (
                SELECT account.asset, account.mode, -sum(entry.amount) AS points
                FROM payments_account account
                JOIN payments_entry entry ON entry.account_id = account.id
                WHERE account.kind = 'programme_points'
                GROUP BY account.asset, account.mode
            ) owed
            LEFT JOIN (
                SELECT account.asset, account.mode, sum(entry.amount) AS points
                FROM payments_account account
                JOIN payments_entry entry ON entry.account_id = account.id
                WHERE account.kind IN
                    ('member_points', 'member_points_pending', 'member_points_held')
                GROUP BY account.asset, account.mode
            ) held USING (asset, mode)
            WHERE owed.points <> coalesce(held.points, 0)
            UNION ALL
            SELECT account.asset || ': nobody knows what ' || posting.kind || ' does to points owed'
            FROM payments_account account
            JOIN payments_entry entry ON entry.account_id = account.id
            JOIN payments_posting posting ON posting.id = entry.posting_id
            WHERE account.kind = 'programme_points' AND posting.kind NOT IN (
                'points_earned', 'points_reversed', 'points_pending_reversed',
                'points_debt_paid', 'points_corrected', 'points_brought',
                'points_given', 'points_received', 'points_spent', 'points_given_back',
                'points_donated', 'points_for_card', 'points_drawn', 'points_drawn_back',
                'points_expired', 'points_lapsed', 'points_restored')
            GROUP BY account.asset, posting.kind
        """,
    )
