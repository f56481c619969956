"""What `manage.py verify` proves of coupons, limits per person and personal offers."""

from okplatform.kernel.invariants import Proof, invariant, prove_none


@invariant("coupons_were_used_as_often_as_they_say")
def coupons_were_used_as_often_as_they_say() -> Proof:
    """Prove that what a coupon has left and what sales used of it is what it was good for."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_coupon",
        breaches="""
            SELECT 'coupon ' || coupon.id || ' is good for ' || series.uses_each || ' uses, has '
                || coupon.left_live || ' live and ' || coupon.left_test || ' test left, and was'
                || ' used ' || coalesce(used.live, 0) || ' and ' || coalesce(used.test, 0)
                || ' times'
            FROM loyalty_coupon coupon
            JOIN loyalty_coupon_series series ON series.id = coupon.series_id
            LEFT JOIN (
                SELECT coupon_id, count(*) FILTER (WHERE mode = 'live') AS live,
                    count(*) FILTER (WHERE mode = 'test') AS test
                FROM loyalty_coupon_use WHERE given_back_by_id IS NULL GROUP BY coupon_id
            ) used ON used.coupon_id = coupon.id
            WHERE (coupon.left_live + coalesce(used.live, 0),
                   coupon.left_test + coalesce(used.test, 0))
                IS DISTINCT FROM (series.uses_each::bigint, series.uses_each::bigint)
        """,
    )


@invariant("coupons_are_held_by_sales_that_stand")
def coupons_are_held_by_sales_that_stand() -> Proof:
    """Prove that no sale that was given up holds a coupon, and that a return gives its own back."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_coupon_use",
        breaches="""
            SELECT 'sale ' || sale.id || ' is cancelled and holds coupon ' || used.coupon_id
            FROM loyalty_coupon_use used JOIN trade_sale sale ON sale.id = used.sale_id
            WHERE sale.state = 'cancelled'
            UNION ALL
            SELECT 'coupon ' || used.coupon_id || ' of sale ' || used.sale_id
                || ' came back by a return of another sale'
            FROM loyalty_coupon_use used JOIN trade_return back ON back.id = used.given_back_by_id
            WHERE back.sale_id <> used.sale_id
            UNION ALL
            SELECT 'sale ' || used.sale_id || ' used coupon ' || used.coupon_id
                || ' for an offer that is not its own'
            FROM loyalty_coupon_use used
            JOIN loyalty_coupon_series series ON series.id = used.series_id
            WHERE series.offer_id <> used.offer_id
        """,
    )


@invariant("series_have_the_codes_they_say")
def series_have_the_codes_they_say() -> Proof:
    """Prove that of each series there are as many codes as were counted."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_coupon_series",
        breaches="""
            SELECT 'series ' || series.id || ' says ' || series.made || ' codes and has '
                || coalesce(there.count, 0)
            FROM loyalty_coupon_series series
            LEFT JOIN (
                SELECT series_id, count(*) AS count FROM loyalty_coupon GROUP BY series_id
            ) there ON there.series_id = series.id
            WHERE series.made <> coalesce(there.count, 0)
        """,
    )


@invariant("members_had_what_was_counted_for_them")
def members_had_what_was_counted_for_them() -> Proof:
    """Prove that what limits per person count is what sales gave and returns did not give back."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_member_offer",
        breaches="""
            SELECT 'member ' || had.member_id || ' had offer ' || had.offer_id || ' ' || had.uses
                || ' times for ' || had.amount || ', and sales say '
                || coalesce(used.uses, 0) || ' times for ' || coalesce(used.amount, 0)
            FROM loyalty_member_offer had
            LEFT JOIN (
                SELECT use.member_id, use.offer_id, sum(1 - use.back_uses) AS uses,
                    sum(use.amount - use.back_amount) AS amount
                FROM loyalty_member_offer_use use JOIN trade_sale sale ON sale.id = use.sale_id
                WHERE sale.state <> 'cancelled'
                GROUP BY use.member_id, use.offer_id
            ) used ON (used.member_id, used.offer_id) = (had.member_id, had.offer_id)
            WHERE had.uses <> coalesce(used.uses, 0) OR had.amount <> coalesce(used.amount, 0)
        """,
    )


@invariant("personal_offers_are_given_to_members")
def personal_offers_are_given_to_members() -> Proof:
    """Prove that what members were given is a personal offer, and no offer for everybody."""
    return prove_none(
        rows="SELECT count(*) FROM loyalty_assignment",
        breaches="""
            SELECT 'offer ' || offer.id || ' is for everybody and was given to member '
                || given.member_id
            FROM loyalty_assignment given JOIN loyalty_offer offer ON offer.id = given.offer_id
            WHERE NOT offer.assigned
        """,
    )
