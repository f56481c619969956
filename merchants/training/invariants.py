"""What ``manage.py verify`` proves of training."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("training_runs_are_of_their_shops_people")
def training_runs_are_of_their_shops_people() -> Proof:
    """Prove that each run is of somebody who works for its merchant, with two kept of a kind."""
    return prove_none(
        rows="SELECT count(*) FROM merchants_training_run",
        breaches="""
            SELECT 'training run ' || run.id || ' is of somebody of another merchant'
            FROM merchants_training_run run
            JOIN parties_membership membership ON membership.id = run.membership_id
            WHERE membership.merchant_id <> run.merchant_id
            UNION ALL
            SELECT 'membership ' || membership_id || ' has ' || count(*) || ' ended runs of '
                || scenario || ' in store ' || store_id
            FROM merchants_training_run WHERE ended_at IS NOT NULL
            GROUP BY membership_id, store_id, scenario HAVING count(*) > 2
        """,
    )


@invariant("training_sells_in_test_mode_only")
def training_sells_in_test_mode_only() -> Proof:
    """Prove that whatever a run judged was never a live sale: what came back of it, too."""
    return prove_none(
        rows="SELECT count(*) FROM merchants_training_run WHERE receipt IS NOT NULL",
        breaches="""
            SELECT 'training run ' || run.id || ' gave back of a live sale'
            FROM merchants_training_run run
            JOIN trade_sale sale ON sale.merchant_id = run.merchant_id AND sale.mode = 'live'
                AND sale.uuid = run.receipt
        """,
    )
