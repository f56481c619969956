-- Closing a sale in one call: the sale, its lines and its tenders from one JSON document (what is in it:
-- okplatform/trade/facts.py). A function, because a server session keeps its plans: planning these
-- statements anew costs more than running them, and PgBouncer in transaction mode rules out PREPARE.
CREATE TYPE trade_closing AS (
    merchant_id bigint, mode text, uuid uuid, store_id bigint, terminal_id bigint, person_id bigint,
    revision int, currency text, gross bigint, discount bigint, due bigint, points_earned bigint,
    basket_hash text, operator text, language text, reference text, at timestamptz, trace_id text
);

CREATE TYPE trade_line_facts AS (
    number int, sku text, name text, quantity bigint, unit text, unit_price bigint, gross bigint,
    discount bigint, paid bigint, vat_rate_bp int, vat bigint, points bigint, reasons jsonb,
    category_reference text
);

CREATE TYPE trade_tender_facts AS (number int, kind text, amount bigint, reference text);

-- The product is looked up per line, not joined, and the callers below rule out sequential scans: a
-- plan made while the catalogue was small must not read all of it later.
CREATE FUNCTION trade_write_parts(the_sale bigint, the_merchant bigint, the_mode text, facts jsonb)
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

-- The one-call form, under an id that was taken for it. Refuses (OK301) a UUID that the merchant has used already,
-- whatever became of that sale.
CREATE FUNCTION trade_record_closed(the_sale bigint, facts jsonb) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    sale trade_closing := jsonb_populate_record(NULL::trade_closing, facts);
BEGIN
    INSERT INTO trade_sale (
        id, merchant_id, mode, uuid, store_id, terminal_id, person_id, revision, state, currency,
        gross, discount, due, points_earned, basket_hash, draft, operator, language, reference,
        opened_at, closed_at, trace_id)
    VALUES (
        the_sale, sale.merchant_id, sale.mode, sale.uuid, sale.store_id, sale.terminal_id,
        sale.person_id, sale.revision, 'closed', sale.currency, sale.gross, sale.discount, sale.due,
        sale.points_earned, decode(sale.basket_hash, 'hex'), '{}', sale.operator, sale.language,
        sale.reference, sale.at, sale.at, sale.trace_id)
    ON CONFLICT (merchant_id, mode, uuid) DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'sale % exists', sale.uuid USING ERRCODE = 'OK301';
    END IF;
    PERFORM trade_write_parts(the_sale, sale.merchant_id, sale.mode, facts);
END
$$;

-- Closes an open sale; refuses (OK302) one that is not open (any more).
CREATE FUNCTION trade_close_sale(the_sale bigint, facts jsonb) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    sale trade_closing := jsonb_populate_record(NULL::trade_closing, facts);
BEGIN
    UPDATE trade_sale SET
        state = 'closed', closed_at = sale.at, draft = '{}', store_id = sale.store_id,
        terminal_id = sale.terminal_id, person_id = sale.person_id, revision = sale.revision,
        currency = sale.currency, gross = sale.gross, discount = sale.discount, due = sale.due,
        points_earned = sale.points_earned, basket_hash = decode(sale.basket_hash, 'hex'),
        operator = sale.operator, language = sale.language, reference = sale.reference,
        trace_id = sale.trace_id
    WHERE id = the_sale AND merchant_id = sale.merchant_id AND mode = sale.mode AND uuid = sale.uuid
        AND state = 'open';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'sale % is not open', sale.uuid USING ERRCODE = 'OK302';
    END IF;
    PERFORM trade_write_parts(the_sale, sale.merchant_id, sale.mode, facts);
END
$$;
