-- Fees accrue outside the ledger, in 1/100 cent, from what was paid; invoices are numbered without a gap.

-- What a merchant pays on a day: the price of the plan that it has then, or else of the default plan.
CREATE FUNCTION fees_price_on(the_merchant bigint, the_day date) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT price.id FROM payments_plan_price price
    WHERE price.since <= the_day AND price.plan_id = coalesce(
        (SELECT chosen.plan_id FROM payments_merchant_plan chosen
         WHERE chosen.merchant_id = the_merchant AND chosen.since <= the_day
         ORDER BY chosen.since DESC LIMIT 1),
        (SELECT plan.id FROM payments_plan plan WHERE plan.is_default))
    ORDER BY price.since DESC LIMIT 1
$$;

-- The rates of a price: fixed in 1/100 cent, and basis points of what was paid.
CREATE VIEW payments_plan_rate AS
SELECT price.id AS price_id, rate.kind, rate.channel, rate.fixed, rate.percentage_bp
FROM payments_plan_price price CROSS JOIN LATERAL (VALUES
    ('monthly', '', price.monthly, 0),
    ('payment', 'in_store', price.in_store_fixed, price.in_store_bp),
    ('payment', 'online', price.online_fixed, price.online_bp),
    ('refund', 'in_store', price.in_store_fixed, price.in_store_bp),
    ('refund', 'online', price.online_fixed, price.online_bp)
) AS rate (kind, channel, fixed, percentage_bp);

-- A fee with the rate it was computed by.
CREATE VIEW payments_fee_priced AS
SELECT fee.id, fee.merchant_id, fee.kind, fee.subject_id, fee.sale_id, fee.channel, fee.amount, fee.vat_rate_bp,
    fee.accrued_on, fee.invoice_id, rate.fixed, rate.percentage_bp
FROM payments_fee fee
JOIN payments_plan_rate rate ON (rate.price_id, rate.kind, rate.channel) = (fee.price_id, fee.kind, fee.channel);

-- Half up, away from zero, as okplatform.kernel.money.half_up does.
CREATE FUNCTION fees_half_up(numerator bigint, denominator bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT sign(numerator)::bigint * ((2 * abs(numerator) + denominator) / (2 * denominator))
$$;

-- What the payments of these sales cost, by the prices of their days. VAT rates come with their first days. A sale
-- without a live payment, or of a day that no plan has a price for, costs nothing.
CREATE FUNCTION fees_of(the_sales bigint[], rates_since date[], rates integer[]) RETURNS TABLE (
    merchant_id bigint, sale_id bigint, channel text, price_id bigint, amount bigint, vat_rate_bp integer, day date
) LANGUAGE sql STABLE AS $$
    SELECT paid.merchant_id, paid.sale_id, store.channel, price.id,
        CASE store.channel
            WHEN 'online' THEN price.online_fixed + fees_half_up(paid.amount * price.online_bp, 100)
            ELSE price.in_store_fixed + fees_half_up(paid.amount * price.in_store_bp, 100) END,
        (SELECT rate FROM unnest(rates_since, rates) AS dated (since, rate)
         WHERE since <= paid.day ORDER BY since DESC LIMIT 1),
        paid.day
    FROM (
        SELECT *, (captured_at AT TIME ZONE 'Europe/Amsterdam')::date AS day
        FROM payments_payment WHERE payments_payment.sale_id = ANY (the_sales) AND mode = 'live'
    ) AS paid
    JOIN trade_sale sale ON sale.id = paid.sale_id
    JOIN parties_store store ON store.id = sale.store_id
    JOIN payments_plan_price price ON price.id = fees_price_on(paid.merchant_id, paid.day)
$$;

-- Write down what the payments of these sales cost; return how many were new. Once each, however often it is asked.
CREATE FUNCTION fees_accrue(the_sales bigint[], rates_since date[], rates integer[]) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    accrued bigint;
BEGIN
    INSERT INTO payments_fee
        (merchant_id, kind, subject_id, sale_id, channel, price_id, amount, vat_rate_bp, accrued_on)
    SELECT merchant_id, 'payment', sale_id, sale_id, channel, price_id, amount, vat_rate_bp, day
    FROM fees_of(the_sales, rates_since, rates)
    ON CONFLICT (subject_id, kind, merchant_id) DO NOTHING;
    GET DIAGNOSTICS accrued = ROW_COUNT;
    RETURN accrued;
END
$$;

-- Give the part of a payment's fee back that belongs to what was refunded of it in all; nothing unless the price it
-- was computed by says so. Once per refund; all refunds of a whole payment give back its whole fee.
CREATE FUNCTION fees_give_back(the_sale bigint, the_refund bigint, refunded bigint, the_day date) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    given bigint;
BEGIN
    -- One at a time: each sees what the one before it gave back.
    PERFORM FROM payments_fee WHERE subject_id = the_sale AND kind = 'payment' FOR NO KEY UPDATE;
    INSERT INTO payments_fee
        (merchant_id, kind, subject_id, sale_id, channel, price_id, amount, vat_rate_bp, accrued_on)
    SELECT fee.merchant_id, 'refund', the_refund, the_sale, fee.channel, fee.price_id,
        -fees_half_up(fee.amount * least(refunded, paid.amount), paid.amount) - coalesce((
            SELECT sum(back.amount) FROM payments_fee back
            WHERE back.sale_id = the_sale AND back.kind = 'refund'), 0),
        fee.vat_rate_bp, the_day
    FROM payments_fee fee
    JOIN payments_payment paid ON paid.sale_id = fee.sale_id
    JOIN payments_plan_price price ON price.id = fee.price_id AND price.returns_fees
    WHERE fee.subject_id = the_sale AND fee.kind = 'payment'
    ON CONFLICT (subject_id, kind, merchant_id) DO NOTHING
    RETURNING amount INTO given;
    RETURN coalesce(given, 0);
END
$$;

-- The next number of a year. Whoever takes one holds the series until it commits, and a rollback gives it back.
CREATE FUNCTION invoice_number(the_year integer) RETURNS integer LANGUAGE sql AS $$
    INSERT INTO payments_invoice_series AS series (year, last) VALUES (the_year, 1)
    ON CONFLICT (year) DO UPDATE SET last = series.last + 1
    RETURNING last
$$;

CREATE FUNCTION invoice_has_the_number_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_invoice_series WHERE year = NEW.year AND last = NEW.sequence) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'invoice % of % does not have the number just taken', NEW.sequence, NEW.year
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER invoice_follows_the_one_before BEFORE INSERT ON payments_invoice
    FOR EACH ROW EXECUTE FUNCTION invoice_has_the_number_taken();

CREATE FUNCTION invoice_number_is_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_invoice WHERE year = NEW.year AND sequence = NEW.last) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'number % of % has no invoice', NEW.last, NEW.year USING ERRCODE = 'restrict_violation';
END
$$;
CREATE CONSTRAINT TRIGGER invoice_number_has_its_invoice AFTER INSERT OR UPDATE ON payments_invoice_series
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION invoice_number_is_used();
CREATE TRIGGER invoice_series_goes_up_by_one BEFORE UPDATE ON payments_invoice_series
    FOR EACH ROW WHEN (NEW.year <> OLD.year OR NEW.last <> OLD.last + 1)
    EXECUTE FUNCTION ledger_refuse('invoices are numbered one by one');

CREATE TRIGGER invoice_stays_as_sent BEFORE UPDATE ON payments_invoice
    FOR EACH ROW WHEN (to_jsonb(OLD) - 'settled_on' IS DISTINCT FROM to_jsonb(NEW) - 'settled_on')
    EXECUTE FUNCTION ledger_refuse('of an invoice only the day changes on which it was settled');
CREATE TRIGGER fee_keeps_its_amount BEFORE UPDATE ON payments_fee
    FOR EACH ROW
    WHEN (
        (OLD.id, OLD.merchant_id, OLD.kind, OLD.subject_id, OLD.sale_id, OLD.channel, OLD.price_id, OLD.amount,
            OLD.vat_rate_bp, OLD.accrued_on)
        IS DISTINCT FROM
        (NEW.id, NEW.merchant_id, NEW.kind, NEW.subject_id, NEW.sale_id, NEW.channel, NEW.price_id, NEW.amount,
            NEW.vat_rate_bp, NEW.accrued_on)
        OR OLD.invoice_id IS NOT NULL
    )
    EXECUTE FUNCTION ledger_refuse('a fee is invoiced once, and stays as it accrued');

CREATE TRIGGER invoice_series_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_invoice_series
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('numbers of invoices are never given out again');
CREATE TRIGGER invoice_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('an invoice is never deleted: credit it');
CREATE TRIGGER invoice_line_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_invoice_line
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a line of an invoice is never changed or deleted');
CREATE TRIGGER invoice_file_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_invoice_file
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a document stays as it was sent');
CREATE TRIGGER fee_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_fee
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a fee is never deleted');
CREATE TRIGGER plan_price_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_plan_price
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a new price is a new line');
CREATE TRIGGER merchant_plan_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_merchant_plan
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('another plan is a new line');

-- A fee is never on another merchant's invoice, nor a credit note about one.
ALTER TABLE payments_fee
    ADD CONSTRAINT fee_invoice_of_same_merchant
    FOREIGN KEY (merchant_id, invoice_id) REFERENCES payments_invoice (merchant_id, id)
    -- Fees are claimed first: what was claimed is what the invoice asks.
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE payments_invoice
    ADD CONSTRAINT invoice_credits_one_of_same_merchant
    FOREIGN KEY (merchant_id, credits_id) REFERENCES payments_invoice (merchant_id, id);

CREATE TRIGGER bookkeeping_push_moves BEFORE UPDATE ON payments_bookkeeping_push
    FOR EACH ROW WHEN (OLD.state <> NEW.state)
    EXECUTE FUNCTION settlement_move(
        'due>sending', 'sending>sent', 'sending>unknown', 'sending>refused', 'sending>due', 'unknown>sent',
        'unknown>due', 'refused>due');
