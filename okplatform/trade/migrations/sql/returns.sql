-- What came back of a sale is never more than the sale was: of the whole, of each line in money and in goods, of each
-- kind of tender. Whoever adds to it holds the sale's row, and adds up in a statement of its own afterwards: so it sees
-- what the last holder wrote. Nothing here costs a sale anything.

-- The same of one merchant and one mode; what a foreign key to the sale would hold, without its trigger on sales.
ALTER TABLE trade_return
    ADD CONSTRAINT return_store_of_same_merchant
    FOREIGN KEY (merchant_id, store_id) REFERENCES parties_store (merchant_id, id),
    ADD CONSTRAINT return_terminal_of_same_store
    FOREIGN KEY (merchant_id, store_id, terminal_id)
    REFERENCES parties_terminal (merchant_id, store_id, id);

CREATE FUNCTION trade_return_fits() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    sale trade_sale;
BEGIN
    SELECT * INTO sale FROM trade_sale WHERE id = NEW.sale_id FOR NO KEY UPDATE;
    IF (sale.merchant_id, sale.mode, sale.currency, sale.state)
        IS DISTINCT FROM (NEW.merchant_id, NEW.mode, NEW.currency, 'closed') THEN
        RAISE EXCEPTION 'sale % was not sold so', NEW.sale_id
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'return_is_of_a_closed_sale';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER return_fits BEFORE INSERT ON trade_return
    FOR EACH ROW EXECUTE FUNCTION trade_return_fits();

-- All lines of a return come in one statement, and are the whole of it. Refuses (OK304, detail: the line's number) more
-- of a line than was sold and is left.
CREATE FUNCTION trade_return_lines_fit() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_return record;
    misfit int;
BEGIN
    FOR the_return IN
        SELECT back.id, back.sale_id, back.amount, back.vat, back.merchant_id,
            sum(line.amount) AS lines_amount, sum(line.vat) AS lines_vat,
            bool_and(line.merchant_id = back.merchant_id) AS is_own
        FROM added line JOIN trade_return back ON back.id = line.sale_return_id GROUP BY back.id
    LOOP
        PERFORM FROM trade_sale WHERE id = the_return.sale_id FOR NO KEY UPDATE;
        IF (the_return.amount, the_return.vat, true)
            IS DISTINCT FROM (the_return.lines_amount, the_return.lines_vat, the_return.is_own) THEN
            RAISE EXCEPTION 'the lines do not add up to return %', the_return.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'lines_add_up_to_their_return';
        END IF;
        SELECT came_back.number INTO misfit
        FROM (
            SELECT line.number, sum(line.quantity) AS quantity, sum(line.amount) AS amount, sum(line.vat) AS vat
            FROM trade_return back JOIN trade_return_line line ON line.sale_return_id = back.id
            WHERE back.sale_id = the_return.sale_id GROUP BY line.number
        ) AS came_back
        LEFT JOIN trade_sale_line sold ON sold.sale_id = the_return.sale_id AND sold.number = came_back.number
        WHERE (came_back.quantity <= sold.quantity AND came_back.amount <= sold.paid
            AND came_back.vat <= sold.vat) IS NOT TRUE
        LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'more of line % came back than was sold', misfit
                USING ERRCODE = 'OK304', DETAIL = misfit;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER return_lines_fit AFTER INSERT ON trade_return_line
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION trade_return_lines_fit();

-- The same of what gave the money back. Refuses (OK305, detail: the kind) more by one kind than it had paid.
CREATE FUNCTION trade_return_tenders_fit() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_return record;
    misfit text;
BEGIN
    FOR the_return IN
        SELECT back.id, back.sale_id, back.amount, sum(tender.amount) AS tenders_amount,
            bool_and(tender.merchant_id = back.merchant_id) AS is_own
        FROM added tender JOIN trade_return back ON back.id = tender.sale_return_id GROUP BY back.id
    LOOP
        PERFORM FROM trade_sale WHERE id = the_return.sale_id FOR NO KEY UPDATE;
        IF (the_return.amount, true) IS DISTINCT FROM (the_return.tenders_amount, the_return.is_own) THEN
            RAISE EXCEPTION 'the tenders do not add up to return %', the_return.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'tenders_add_up_to_their_return';
        END IF;
        SELECT given_back.kind INTO misfit
        FROM (
            SELECT tender.kind, sum(tender.amount) AS amount
            FROM trade_return back JOIN trade_return_tender tender ON tender.sale_return_id = back.id
            WHERE back.sale_id = the_return.sale_id GROUP BY tender.kind
        ) AS given_back
        WHERE given_back.amount > (
            SELECT coalesce(sum(paid.amount), 0) FROM trade_tender paid
            WHERE paid.sale_id = the_return.sale_id AND paid.kind = given_back.kind)
        LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'more is given back by % than it paid', misfit
                USING ERRCODE = 'OK305', DETAIL = misfit;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER return_tenders_fit AFTER INSERT ON trade_return_tender
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION trade_return_tenders_fit();

CREATE TRIGGER return_never_changes BEFORE UPDATE OR DELETE ON trade_return
    FOR EACH STATEMENT EXECUTE FUNCTION trade_refuse('a return never changes');
CREATE TRIGGER return_line_never_changes BEFORE UPDATE OR DELETE ON trade_return_line
    FOR EACH STATEMENT EXECUTE FUNCTION trade_refuse('a line of a return never changes');
CREATE TRIGGER return_tender_never_changes BEFORE UPDATE OR DELETE ON trade_return_tender
    FOR EACH STATEMENT EXECUTE FUNCTION trade_refuse('a tender of a return never changes');

CREATE TYPE trade_return_facts AS (
    merchant_id bigint, mode text, uuid uuid, sale_id bigint, store_id bigint, terminal_id bigint, operator text,
    reason text, language text, currency text, amount bigint, vat bigint, request_hash text, at timestamptz,
    trace_id text
);
CREATE TYPE trade_return_line_facts AS (number int, quantity bigint, amount bigint, vat bigint);
CREATE TYPE trade_return_tender_facts AS (kind text, amount bigint, reference text);

-- Write a return with its lines and tenders from one JSON document (what is in it: okplatform/trade/facts.py); return
-- its id. Refuses (OK303) a UUID that the merchant has used already, and OK304 and OK305 as above.
CREATE FUNCTION trade_record_return(facts jsonb) RETURNS bigint
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
    IF jsonb_array_length(facts -> 'lines') = 0 OR jsonb_array_length(facts -> 'tenders') = 0 THEN
        RAISE EXCEPTION 'a return has lines and tenders' USING ERRCODE = 'check_violation';
    END IF;
    RETURN the_return;
END
$$;
