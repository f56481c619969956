CREATE OR REPLACE FUNCTION trade_write_parts(the_sale bigint, the_merchant bigint, the_mode text, facts jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO trade_sale_line (
        sale_id, merchant_id, mode, number, product_id, sku, name, quantity, unit, unit_price,
        gross, discount, paid, vat_rate_bp, vat, points, reasons, category_reference)
    SELECT the_sale, the_merchant, the_mode, line.number,
        (SELECT product.id FROM trade_product product
         WHERE product.merchant_id = the_merchant AND product.sku = line.sku),
        line.sku, line.name, line.quantity, line.unit, line.unit_price, line.gross, line.discount,
        line.paid, line.vat_rate_bp, line.vat, line.points, line.reasons, line.category_reference
    FROM jsonb_populate_recordset(NULL::trade_line_facts, facts -> 'lines') AS line;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a closed sale has lines' USING ERRCODE = 'check_violation';
    END IF;

    INSERT INTO trade_tender (sale_id, merchant_id, mode, number, kind, amount, reference)
    SELECT the_sale, the_merchant, the_mode, tender.number, tender.kind, tender.amount, tender.reference
    FROM jsonb_populate_recordset(NULL::trade_tender_facts, facts -> 'tenders') AS tender;
    IF NOT FOUND AND (facts ->> 'due')::bigint > 0 THEN
        RAISE EXCEPTION 'a closed sale is paid by something' USING ERRCODE = 'check_violation';
    END IF;
END
$$;

ALTER TYPE trade_line_facts DROP ATTRIBUTE kind, DROP ATTRIBUTE minimum_age;
