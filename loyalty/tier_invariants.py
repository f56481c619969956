"""What `manage.py verify` proves of tiers."""

from okplatform.kernel.invariants import Proof, invariant, prove_none

_BREACHES = """
WITH stands AS (
    SELECT placed.*, programme.tiers, programme.tier_period AS period,
        (placed.placed_at AT TIME ZONE merchant.timezone)::date AS today
    FROM loyalty_member_tier placed
    JOIN loyalty_member member ON member.id = placed.member_id
    JOIN loyalty_programme programme ON programme.id = member.programme_id
    JOIN parties_merchant merchant ON merchant.id = placed.merchant_id
    WHERE placed.version = programme.tiers_version
        AND NOT EXISTS (SELECT FROM loyalty_earning later
            WHERE later.member_id = placed.member_id
                AND later.earned_at > placed.placed_at)
        AND NOT EXISTS (SELECT FROM loyalty_reversal later
            WHERE later.member_id = placed.member_id
                AND later.reversed_at > placed.placed_at)
), history AS (
    SELECT days.* FROM loyalty_tier_history(
        ARRAY(SELECT member_id FROM stands)) AS days
), found AS (
    SELECT stands.member_id, coalesce(CASE stands.period
        WHEN 'year' THEN greatest(
            sum(history.amount) FILTER (WHERE
                date_part('year', history.day) = date_part('year', stands.today)),
            sum(history.amount) FILTER (WHERE
                date_part('year', history.day) = date_part('year', stands.today) - 1))
        WHEN 'months' THEN sum(history.amount) FILTER (WHERE
            history.day + interval '1 year' > stands.today)
        ELSE sum(history.amount) END, 0) AS amount
    FROM stands LEFT JOIN history ON history.member_id = stands.member_id
    GROUP BY stands.member_id, stands.period, stands.today
), ladder AS (
    SELECT stands.member_id, (one.tier ->> 'key')::int AS key,
        (one.tier ->> 'threshold')::bigint * scale.parts AS threshold,
        (one.tier ->> 'keep')::bigint * scale.parts AS keep
    FROM stands
    JOIN loyalty_member member ON member.id = stands.member_id
    JOIN loyalty_programme programme ON programme.id = member.programme_id
    CROSS JOIN LATERAL (SELECT CASE programme.tier_basis
        WHEN 'points' THEN 1000 ELSE 1 END AS parts) AS scale
    CROSS JOIN LATERAL jsonb_array_elements(programme.tiers) AS one (tier)
)
SELECT 'member ' || stands.member_id || ' has ' || stands.amount
    || ' towards a tier, and history says ' || found.amount
FROM stands JOIN found USING (member_id) WHERE stands.amount <> found.amount
UNION ALL
SELECT DISTINCT 'member ' || stands.member_id || ' has reached a higher tier'
FROM stands JOIN ladder reached ON reached.member_id = stands.member_id
    AND reached.threshold <= stands.amount
LEFT JOIN ladder own ON own.member_id = stands.member_id AND own.key = stands.tier
WHERE reached.threshold > coalesce(own.threshold, 0)
UNION ALL
SELECT 'member ' || stands.member_id || ' keeps a tier for ever that takes more'
FROM stands JOIN ladder own ON own.member_id = stands.member_id
    AND own.key = stands.tier
WHERE stands.amount < own.keep AND stands.review_on IS NULL
"""


@invariant("members_stand_where_their_history_says")
def members_stand_where_their_history_says() -> Proof:
    """Prove that what counts for a tier is what was earned, and the tier what that reaches.

    Of whom bought, or brought back, since being placed nothing is said: they are placed anew.
    """
    return prove_none(
        rows="SELECT count(*) FROM loyalty_member_tier",
        breaches=_BREACHES,
    )
