"""What `manage.py verify` proves of points and offers."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("carries_account_for_every_milli_point")
def carries_account_for_every_milli_point() -> Proof:
    """Prove that what members earned and kept is booked as points or waits in their carry."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_earning",
        breaches="""
            SELECT 'member ' || member.id || ' carries ' || member.carry || ' milli-points, not '
                || coalesce(earned.rest, 0)
            FROM loyalty_member member
            LEFT JOIN (
                SELECT member_id, sum(milli) - 1000 * sum(points) AS rest
                FROM (
                    SELECT member_id, milli, points FROM loyalty_earning
                    UNION ALL SELECT member_id, -milli, -points FROM loyalty_reversal
                ) AS moved
                GROUP BY member_id
            ) earned ON earned.member_id = member.id
            WHERE member.carry <> coalesce(earned.rest, 0)
        """,
    )


@invariant("points_in_the_ledger_are_points_earned")
def points_in_the_ledger_are_points_earned() -> Proof:
    """Prove that each member's account holds what their sales earned, no more and no less.

    Pending or not. Less what came back: of that as much as was there, and the rest as it was paid
    later. Less what ended unspent, and what was spent or set aside; what a family lent each other
    changes hands.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_member",
        breaches="""
            SELECT 'member ' || coalesce(member.id, booked.member_id) || ' has '
                || coalesce(booked.points, 0) || ' points and earned ' || coalesce(earned.points, 0)
            FROM (
                SELECT account.owner_id AS member_id, account.mode, account.asset,
                    sum(entry.amount) AS points
                FROM payments_account account
                JOIN payments_entry entry ON entry.account_id = account.id
                WHERE account.kind IN ('member_points', 'member_points_pending')
                GROUP BY account.owner_id, account.mode, account.asset
            ) booked
            FULL JOIN loyalty_member member ON member.id = booked.member_id
                AND member.mode = booked.mode
                AND booked.asset = 'points:' || member.programme_id
            LEFT JOIN (
                SELECT member_id, sum(points) AS points
                FROM (
                    SELECT member_id, points FROM loyalty_earning
                    UNION ALL SELECT member_id, -taken FROM loyalty_reversal
                    UNION ALL SELECT member_id, outstanding - points FROM loyalty_points_debt
                    UNION ALL SELECT member_id, -points FROM loyalty_breakage
                    UNION ALL SELECT member_id, given_back - points FROM loyalty_spend
                    UNION ALL SELECT member_id, -points FROM loyalty_donation
                    UNION ALL SELECT member_id, -points FROM loyalty_card_for_points
                    UNION ALL SELECT member_id, points FROM loyalty_points_move
                    UNION ALL SELECT giver_id, back - points FROM loyalty_points_draw
                    UNION ALL SELECT taker_id, points - back FROM loyalty_points_draw
                    UNION ALL SELECT giver_id, -points FROM loyalty_pool_draw
                        WHERE kind <> 'forgiven'
                    UNION ALL SELECT taker_id, points FROM loyalty_pool_draw
                        WHERE kind <> 'forgiven'
                ) AS moved
                GROUP BY member_id
            ) earned ON earned.member_id = member.id
            WHERE coalesce(booked.points, 0) <> coalesce(earned.points, 0)
        """,
    )


@invariant("earnings_are_those_of_their_sales")
def earnings_are_those_of_their_sales() -> Proof:
    """Prove that each earning has its closed sale, of the same person and with the same points."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_earning",
        breaches="""
            SELECT 'sale ' || sale.id || ' says ' || sale.points_earned || ' points, its earning '
                || earning.points
            FROM loyalty_earning earning
            JOIN loyalty_member member ON member.id = earning.member_id
            JOIN trade_sale sale ON sale.id = earning.sale_id
            WHERE sale.state <> 'closed' OR sale.points_earned <> earning.points
                OR sale.person_id IS DISTINCT FROM member.person_id
            UNION ALL
            SELECT 'sale ' || sale.id || ' gave points that nobody earned'
            FROM trade_sale sale
            WHERE sale.points_earned > 0 AND sale.state = 'closed' AND NOT EXISTS (
                SELECT FROM loyalty_earning earning WHERE earning.sale_id = sale.id)
        """,
    )


@invariant("offers_gave_what_their_limits_allow")
def offers_gave_what_their_limits_allow() -> Proof:
    """Prove that what limited offers gave and have left is their limit.

    A rehearsal in test mode may have given more than a limit set afterwards; then nothing is left.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_offer_use",
        breaches="""
            SELECT 'offer ' || offer.id || ' (' || mode.mode || ') gave ' || given.amount || ' in '
                || given.uses || ' uses; left are ' || coalesce(budget.amount::text, 'any amount')
                || ' and ' || coalesce(budget.uses::text, 'any number')
            FROM loyalty_offer offer
            CROSS JOIN (VALUES ('live', NULL), ('test', 0)) mode (mode, least)
            LEFT JOIN (
                SELECT offer_id, mode, sum(left_amount) AS amount, sum(left_uses) AS uses
                FROM loyalty_offer_budget GROUP BY offer_id, mode
            ) budget ON budget.offer_id = offer.id AND budget.mode = mode.mode
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(amount), 0) AS amount, coalesce(sum(uses), 0) AS uses
                FROM (
                    SELECT offer_id, mode, amount, 1 AS uses FROM loyalty_offer_use
                    UNION ALL
                    SELECT offer_id, mode, -amount, -uses FROM loyalty_offer_reversal
                ) used
                WHERE used.offer_id = offer.id AND used.mode = mode.mode
            ) given
            WHERE offer.budget IS NOT NULL AND budget.amount IS DISTINCT FROM
                    greatest(offer.budget - given.amount, mode.least)
                OR offer.uses IS NOT NULL AND budget.uses IS DISTINCT FROM
                    greatest(offer.uses - given.uses, mode.least)
        """,
    )


@invariant("reversals_are_of_what_was_earned")
def reversals_are_of_what_was_earned() -> Proof:
    """Prove that no more was taken back of a sale than it earned, or its offers gave.

    And that what was lost and not there is a debt of that much.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_reversal",
        breaches="""
            SELECT 'sale ' || back.sale_id || ' earned ' || coalesce(earning.milli, 0)
                || ' milli-points, taken back were ' || back.milli
            FROM (
                SELECT sale_id, member_id, sum(milli) AS milli FROM loyalty_reversal
                GROUP BY sale_id, member_id
            ) AS back
            LEFT JOIN loyalty_earning earning
                ON (earning.sale_id, earning.member_id) = (back.sale_id, back.member_id)
            WHERE back.milli > coalesce(earning.milli, 0)
            UNION ALL
            SELECT 'return ' || reversal.sale_return_id || ' lost ' || reversal.points
                || ' points and took ' || reversal.taken || '; its debt was '
                || coalesce(debt.points, 0)
            FROM loyalty_reversal reversal
            LEFT JOIN loyalty_points_debt debt ON debt.reversal_id = reversal.sale_return_id
            WHERE reversal.points - reversal.taken <> coalesce(debt.points, 0)
            UNION ALL
            SELECT 'offer ' || back.offer_id || ' gave sale ' || back.sale_id || ' '
                || coalesce(used.amount, 0) || ' and has ' || back.amount || ' back, in '
                || back.uses || ' uses'
            FROM (
                SELECT reversal.offer_id, came.sale_id, sum(reversal.amount) AS amount,
                    sum(reversal.uses) AS uses
                FROM loyalty_offer_reversal reversal
                JOIN trade_return came ON came.id = reversal.sale_return_id
                GROUP BY reversal.offer_id, came.sale_id
            ) AS back
            LEFT JOIN loyalty_offer_use used
                ON (used.offer_id, used.sale_id) = (back.offer_id, back.sale_id)
            WHERE back.amount > coalesce(used.amount, 0) OR back.uses > 1
        """,
    )


@invariant("schemes_run_what_was_tried")
def schemes_run_what_was_tried() -> Proof:
    """Prove that versions are numbered from one without a gap, and were tried before they began.

    A replay of the same content is done; a proof of it that does not hold is the margin's, and was
    accepted. What a scheme has in force has begun.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_scheme_version",
        breaches="""
            SELECT 'merchant ' || merchant_id || ' has ' || count(*) || ' versions up to '
                || max(number)
            FROM loyalty_scheme_version GROUP BY merchant_id HAVING count(*) <> max(number)
            UNION ALL
            SELECT 'version ' || version.number || ' of merchant ' || version.merchant_id
                || ' was not tried'
            FROM loyalty_scheme_version version
            WHERE NOT EXISTS (
                SELECT FROM loyalty_scheme_replay replay
                WHERE replay.merchant_id = version.merchant_id AND replay.state = 'done'
                    AND replay.fingerprint = version.fingerprint
                    AND NOT EXISTS (
                        SELECT FROM jsonb_array_elements(replay.proofs) proof
                        WHERE NOT (proof ->> 'holds')::boolean
                            AND NOT (proof ->> 'name' = 'margin' AND version.accepts_loss)))
            UNION ALL
            SELECT 'merchant ' || scheme.merchant_id || ' has version ' || scheme.in_force
                || ' in force, which has not begun'
            FROM loyalty_scheme scheme
            JOIN loyalty_scheme_version version
                ON (version.merchant_id, version.number) = (scheme.merchant_id, scheme.in_force)
            WHERE version.started_at IS NULL
        """,
    )


@invariant("live_cards_have_their_member")
def live_cards_have_their_member() -> Proof:
    """Whoever coupled a card to a merchant's programme is a member of it."""
    return prove_none(
        rows="SELECT count(*) FROM wallet_live_card",
        breaches="""
            SELECT 'live card ' || live.id || ' stands for a membership that person '
                || live.person_id || ' does not have'
            FROM wallet_live_card live
            JOIN wallet_brand_claim claim ON claim.id = live.claim_id
            WHERE NOT EXISTS (
                SELECT FROM loyalty_member member
                WHERE (member.person_id, member.merchant_id)
                    = (live.person_id, claim.merchant_id))
        """,
    )


@invariant("points_lie_in_lots")
def points_lie_in_lots() -> Proof:
    """Prove that the lots of who keeps them hold what the ledger does, pending and not.

    And that each lot lacks exactly what was used of it, and that who keeps none has none open.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_lot",
        breaches="""
            SELECT 'member ' || member.id || ' has ' || coalesce(booked.points, 0) || ' points and '
                || coalesce(booked.pending, 0) || ' pending, lots hold ' || coalesce(lots.points, 0)
                || ' and ' || coalesce(lots.pending, 0)
            FROM loyalty_member member
            LEFT JOIN (
                SELECT account.owner_id AS member_id, account.mode, account.asset,
                    sum(entry.amount) FILTER (WHERE account.kind = 'member_points') AS points,
                    sum(entry.amount) FILTER (WHERE account.kind <> 'member_points') AS pending
                FROM payments_account account
                JOIN payments_entry entry ON entry.account_id = account.id
                WHERE account.kind IN ('member_points', 'member_points_pending')
                GROUP BY account.owner_id, account.mode, account.asset
            ) booked ON booked.member_id = member.id AND booked.mode = member.mode
                AND booked.asset = 'points:' || member.programme_id
            LEFT JOIN (
                SELECT member_id, mode, sum(remaining) FILTER (WHERE NOT is_pending) AS points,
                    sum(remaining) FILTER (WHERE is_pending) AS pending
                FROM loyalty_lot GROUP BY member_id, mode
            ) lots ON lots.member_id = member.id AND lots.mode = member.mode
            WHERE (coalesce(lots.points, 0), coalesce(lots.pending, 0)) <> (
                CASE WHEN member.keeps_lots THEN coalesce(booked.points, 0) ELSE 0 END,
                coalesce(booked.pending, 0))
            UNION ALL
            SELECT 'lot ' || lot.id || ' had ' || lot.points || ' points, used were '
                || coalesce(used.points, 0) || ', left are ' || lot.remaining
            FROM loyalty_lot lot
            LEFT JOIN (
                SELECT lot_id, sum(points) AS points FROM loyalty_lot_use GROUP BY lot_id
            ) used ON used.lot_id = lot.id
            WHERE lot.points - coalesce(used.points, 0) <> lot.remaining
        """,
    )


@invariant("breakage_is_booked")
def breakage_is_booked() -> Proof:
    """Prove that what ended unspent left the ledger under its own name, to the point."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_breakage",
        breaches="""
            SELECT 'breakage ' || broken.id || ' is of ' || broken.points || ' points, booked are '
                || coalesce(booked.points, 0)
            FROM loyalty_breakage broken
            LEFT JOIN LATERAL (
                SELECT -sum(entry.amount) AS points
                FROM payments_posting posting
                JOIN payments_entry entry ON entry.posting_id = posting.id
                JOIN payments_account account ON account.id = entry.account_id
                WHERE posting.reference = broken.id::text AND posting.mode = broken.mode
                    AND posting.kind = CASE broken.reason WHEN 'expired' THEN 'points_expired'
                        WHEN 'left' THEN 'points_lapsed' ELSE 'points_restored' END
                    AND account.owner_id = broken.member_id
                    AND account.kind IN ('member_points', 'member_points_pending')
            ) booked ON true
            WHERE broken.points IS DISTINCT FROM booked.points
        """,
    )
