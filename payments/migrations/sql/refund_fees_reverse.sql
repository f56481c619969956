DROP FUNCTION fees_accrue_handling;
DROP FUNCTION fees_of_handling;
CREATE OR REPLACE VIEW payments_plan_rate AS
SELECT price.id AS price_id, rate.kind, rate.channel, rate.fixed, rate.percentage_bp
FROM payments_plan_price price CROSS JOIN LATERAL (VALUES
    ('monthly', '', price.monthly, 0),
    ('payment', 'in_store', price.in_store_fixed, price.in_store_bp),
    ('payment', 'online', price.online_fixed, price.online_bp),
    ('refund', 'in_store', price.in_store_fixed, price.in_store_bp),
    ('refund', 'online', price.online_fixed, price.online_bp)
) AS rate (kind, channel, fixed, percentage_bp);
