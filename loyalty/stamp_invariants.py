"""What `manage.py verify` proves of stamp cards."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("stamp_cards_have_the_stamps_of_their_sales")
def stamp_cards_have_the_stamps_of_their_sales() -> Proof:
    """Prove that the stamps on a card are what sales put on it, took off it and gave back."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_member_stamps",
        breaches="""
            SELECT 'member ' || card.member_id || ' has ' || card.count || ' stamps on card '
                || card.offer_id || ', and sales say ' || coalesce(used.count, 0)
            FROM loyalty_member_stamps card
            LEFT JOIN (
                SELECT use.member_id, use.offer_id, sum(use.stamps - use.back_stamps - use.lapsed
                    - use.size * (use.rewards - use.back_rewards)) AS count
                FROM loyalty_stamp_use use JOIN trade_sale sale ON sale.id = use.sale_id
                WHERE sale.state <> 'cancelled'
                GROUP BY use.member_id, use.offer_id
            ) used ON (used.member_id, used.offer_id) = (card.member_id, card.offer_id)
            WHERE card.count <> coalesce(used.count, 0)
        """,
    )


@invariant("stamps_are_of_stamp_cards")
def stamps_are_of_stamp_cards() -> Proof:
    """Prove that nobody has stamps on an offer that is no stamp card."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_member_stamps",
        breaches="""
            SELECT 'member ' || card.member_id || ' has stamps on offer ' || card.offer_id
                || ', which is no stamp card'
            FROM loyalty_member_stamps card JOIN loyalty_offer offer ON offer.id = card.offer_id
            WHERE offer.kind <> 'stamps'
        """,
    )
