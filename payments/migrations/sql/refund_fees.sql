-- What a refund itself costs has a price of its own, whatever the channel.
CREATE OR REPLACE VIEW payments_plan_rate AS
SELECT price.id AS price_id, rate.kind, rate.channel, rate.fixed, rate.percentage_bp
FROM payments_plan_price price CROSS JOIN LATERAL (VALUES
    ('monthly', '', price.monthly, 0),
    ('payment', 'in_store', price.in_store_fixed, price.in_store_bp),
    ('payment', 'online', price.online_fixed, price.online_bp),
    ('refund', 'in_store', price.in_store_fixed, price.in_store_bp),
    ('refund', 'online', price.online_fixed, price.online_bp),
    ('handling', '', price.refund_fixed, 0)
) AS rate (kind, channel, fixed, percentage_bp);

-- What the live refunds of these returns cost by the prices of their days; most plans ask nothing.
CREATE FUNCTION fees_of_handling(the_returns bigint[], rates_since date[], rates integer[]) RETURNS TABLE (
    merchant_id bigint, refund_id bigint, sale_id bigint, price_id bigint, amount bigint, vat_rate_bp integer, day date
) LANGUAGE sql STABLE AS $$
    SELECT back.merchant_id, back.id, back.payment_id, price.id, price.refund_fixed,
        (SELECT rate FROM unnest(rates_since, rates) AS dated (since, rate)
         WHERE since <= back.day ORDER BY since DESC LIMIT 1),
        back.day
    FROM (
        SELECT *, (refunded_at AT TIME ZONE 'Europe/Amsterdam')::date AS day FROM payments_refund
        WHERE sale_return_id = ANY (the_returns) AND attempt = 1 AND mode = 'live'
    ) AS back
    JOIN payments_plan_price price ON price.id = fees_price_on(back.merchant_id, back.day) AND price.refund_fixed > 0
$$;

-- Write that down; return how many were new. Once each, however often it is asked.
CREATE FUNCTION fees_accrue_handling(the_returns bigint[], rates_since date[], rates integer[]) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    accrued bigint;
BEGIN
    INSERT INTO payments_fee
        (merchant_id, kind, subject_id, sale_id, channel, price_id, amount, vat_rate_bp, accrued_on)
    SELECT merchant_id, 'handling', refund_id, sale_id, '', price_id, amount, vat_rate_bp, day
    FROM fees_of_handling(the_returns, rates_since, rates)
    ON CONFLICT (subject_id, kind, merchant_id) DO NOTHING;
    GET DIAGNOSTICS accrued = ROW_COUNT;
    RETURN accrued;
END
$$;
