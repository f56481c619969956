-- As before (returns.sql), and of goods that were paid with points: they come back, and no money does.
CREATE OR REPLACE FUNCTION trade_record_return(facts jsonb) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    back trade_return_facts := jsonb_populate_record(NULL::trade_return_facts, facts);
    the_return bigint;
BEGIN
    INSERT INTO trade_return (
        merchant_id, mode, uuid, sale_id, store_id, terminal_id, operator, reason, language, currency, amount, vat,
        request_hash, returned_at, trace_id)
    VALUES (
        back.merchant_id, back.mode, back.uuid, back.sale_id, back.store_id, back.terminal_id, back.operator,
        back.reason, back.language, back.currency, back.amount, back.vat, decode(back.request_hash, 'hex'), back.at,
        back.trace_id)
    ON CONFLICT (merchant_id, mode, uuid) DO NOTHING RETURNING id INTO the_return;
    IF the_return IS NULL THEN
        RAISE EXCEPTION 'return % exists', back.uuid USING ERRCODE = 'OK303';
    END IF;
    INSERT INTO trade_return_line (sale_return_id, number, merchant_id, quantity, amount, vat)
    SELECT the_return, line.number, back.merchant_id, line.quantity, line.amount, line.vat
    FROM jsonb_populate_recordset(NULL::trade_return_line_facts, facts -> 'lines') AS line;
    INSERT INTO trade_return_tender (sale_return_id, kind, merchant_id, amount, reference)
    SELECT the_return, tender.kind, back.merchant_id, tender.amount, tender.reference
    FROM jsonb_populate_recordset(NULL::trade_return_tender_facts, facts -> 'tenders') AS tender;
    IF jsonb_array_length(facts -> 'lines') = 0 OR (jsonb_array_length(facts -> 'tenders') = 0) <> (back.amount = 0) THEN
        RAISE EXCEPTION 'a return has lines and tenders, or gives no money back' USING ERRCODE = 'check_violation';
    END IF;
    RETURN the_return;
END
$$;
