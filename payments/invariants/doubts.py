"""The proof that no transfer is made twice; ``manage.py verify`` runs it beside the others."""

from okplatform.kernel.invariants import Proof, invariant, prove_none
from payments.states import UNCERTAIN

_CODES = ", ".join(f"'{code}'" for code in sorted(UNCERTAIN))

# Transfers that are in doubt or owed again, with the line that is or was expected of them.
FOLLOWED = """
transfer AS (
    SELECT 'payout' AS kind, id, mode, state, reason, given_up_by, end_to_end_id
    FROM payments_payout
    UNION ALL
    SELECT 'refund', id, mode, state, reason, given_up_by, end_to_end_id
    FROM payments_refund WHERE outgoing_file_id IS NOT NULL
), followed AS (
    SELECT transfer.*, expectation.id AS expectation, expectation.amount,
        expectation.state AS expected, expectation.house_account_id
    FROM transfer JOIN payments_expectation expectation
        ON (expectation.kind, expectation.subject_id) = (transfer.kind, transfer.id)
    WHERE transfer.state IN ('unknown', 'returned')
)
"""


@invariant("transfers_are_made_once")
def transfers_are_made_once() -> Proof:
    """Prove that what is owed again was not paid: no payout, and no refund, is paid twice.

    Of what came back, no debit stands on a statement that nothing came back of; and what the bank
    only timed out on was given up by evidence, not by that. Of events that wait in the outbox
    nothing is said.
    """
    return prove_none(
        rows="""
            SELECT (SELECT count(*) FROM payments_payout) + (SELECT count(*) FROM payments_refund)
        """,
        breaches=f"""
            WITH {FOLLOWED}
            SELECT kind || ' ' || followed.id || ' is owed again, and ' || -sum(match.amount)
                || ' of it was taken from our account'
            FROM followed JOIN payments_match match ON match.expectation_id = expectation
            WHERE followed.state = 'returned'
            GROUP BY kind, followed.id HAVING sum(match.amount) < 0
            UNION ALL
            SELECT kind || ' ' || followed.id || ' is owed again, and bank line ' || entry.id
                || ' took it'
            FROM followed JOIN payments_bank_entry entry
                ON (entry.end_to_end_id, entry.house_account_id, entry.amount)
                    = (followed.end_to_end_id, followed.house_account_id, followed.amount)
            WHERE followed.state = 'returned' AND expected = 'cancelled'
                AND entry.state <> 'notice' AND entry.reason = '' AND NOT entry.is_reversal
            UNION ALL
            SELECT kind || ' ' || id || ' is owed again for ' || reason || ' alone'
            FROM followed
            WHERE state = 'returned' AND expected = 'cancelled' AND given_up_by = ''
                AND reason IN ({_CODES})
            UNION ALL
            SELECT kind || ' ' || id || ' is in doubt, its bank line is ' || expected
            FROM followed
            WHERE state = 'unknown' AND expected <> 'open'
                AND NOT EXISTS (
                    SELECT FROM kernel_outboxitem item
                    WHERE item.aggregate_type = 'expectation'
                        AND item.aggregate_id = expectation::text)
        """,  # noqa: S608 -- codes of ours
    )
