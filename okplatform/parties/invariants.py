"""What holds of those who take part; ``manage.py verify`` proves it."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("parties_stay_with_their_merchant")
def parties_stay_with_their_merchant() -> Proof:
    """Prove that terminals, memberships and keys are held to stores of their own merchant."""
    return prove_none(
        rows="""
            SELECT (SELECT count(*) FROM parties_terminal)
                + (SELECT count(*) FROM parties_membership) + (SELECT count(*) FROM parties_apikey)
        """,
        breaches="""
            SELECT 'terminal ' || terminal.id || ' is in a store of another merchant'
            FROM parties_terminal terminal
            LEFT JOIN parties_store store ON store.id = terminal.store_id
            WHERE store.merchant_id IS DISTINCT FROM terminal.merchant_id
            UNION ALL
            SELECT 'membership ' || membership.id || ' is for a store of another merchant'
            FROM parties_membership membership
            LEFT JOIN parties_store store ON store.id = membership.store_id
            WHERE membership.store_id IS NOT NULL
                AND store.merchant_id IS DISTINCT FROM membership.merchant_id
            UNION ALL
            SELECT 'API key ' || key.id || ' is held to a store or till of another merchant'
            FROM parties_apikey key
            LEFT JOIN parties_store store ON store.id = key.store_id
            LEFT JOIN parties_terminal terminal ON terminal.id = key.terminal_id
            WHERE (key.store_id IS NOT NULL AND store.merchant_id IS DISTINCT FROM key.merchant_id)
                OR (key.terminal_id IS NOT NULL
                    AND terminal.store_id IS DISTINCT FROM key.store_id)
        """,
    )


@invariant("partner_keys_have_a_grant")
def partner_keys_have_a_grant() -> Proof:
    """Prove that a partner's key stands on a merchant's grant, given or withdrawn."""
    return prove_none(
        rows="SELECT count(*) FROM parties_apikey WHERE partner_id IS NOT NULL",
        breaches="""
            SELECT 'API key ' || key.id || ' of partner ' || key.partner_id || ' has no grant'
            FROM parties_apikey key
            LEFT JOIN parties_partnergrant granted
                ON granted.merchant_id = key.merchant_id AND granted.partner_id = key.partner_id
            WHERE key.partner_id IS NOT NULL AND granted.id IS NULL
        """,
    )
