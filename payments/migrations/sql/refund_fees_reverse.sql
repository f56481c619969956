DROP FUNCTION fees_accrue_handling;
DROP FUNCTION fees_of_handling;
CREATE OR REPLACE VIEW payments_fee_priced AS
SELECT fee.id, fee.merchant_id, fee.kind, fee.subject_id, fee.sale_id, fee.channel, fee.amount, fee.vat_rate_bp,
    fee.accrued_on, fee.invoice_id,
    CASE WHEN fee.kind = 'monthly' THEN price.monthly
        WHEN fee.channel = 'online' THEN price.online_fixed ELSE price.in_store_fixed END AS fixed,
    CASE WHEN fee.kind = 'monthly' THEN 0
        WHEN fee.channel = 'online' THEN price.online_bp ELSE price.in_store_bp END AS percentage_bp
FROM payments_fee fee JOIN payments_plan_price price ON price.id = fee.price_id;
