-- Back to two statements.
CREATE OR REPLACE FUNCTION trade_lines_fit() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    misfit bigint;
BEGIN
    SELECT lines.sale_id INTO misfit
    FROM (
        SELECT sale_id, merchant_id, mode, sum(gross) AS gross, sum(discount) AS discount,
            min(number) AS first, max(number) AS last, count(*) AS count
        FROM added GROUP BY sale_id, merchant_id, mode
    ) AS lines
    WHERE lines.first <> 1 OR lines.last <> lines.count
        OR (lines.merchant_id, lines.mode, 'closed', lines.gross, lines.discount) = (
            SELECT sale.merchant_id, sale.mode, sale.state, sale.gross, sale.discount
            FROM trade_sale sale WHERE sale.id = lines.sale_id
        ) IS NOT TRUE
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the lines do not add up to sale %', misfit
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lines_add_up_to_their_sale';
    END IF;
    SELECT line.product_id INTO misfit
    FROM added line
    WHERE line.product_id IS NOT NULL AND line.merchant_id IS DISTINCT FROM (
        SELECT product.merchant_id FROM trade_product product WHERE product.id = line.product_id
    )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'product % is not this merchant''s', misfit
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'line_product_of_same_merchant';
    END IF;
    RETURN NULL;
END
$$;
