-- Money set aside for a sale and captured in parts. A sale that pays at once never comes here: payments_capture does
-- all of it in one step.

ALTER TABLE payments_authorisation
    ADD CONSTRAINT authorisation_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id),
    ADD CONSTRAINT authorisation_bank_account_of_same_mode
    FOREIGN KEY (bank_account_id, mode) REFERENCES payments_bank_account (id, mode);

ALTER TABLE payments_capture
    ADD CONSTRAINT capture_of_same_authorisation
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES payments_authorisation (merchant_id, mode, sale_id);

CREATE TRIGGER authorisation_stays_as_promised BEFORE UPDATE ON payments_authorisation
    FOR EACH ROW
    WHEN (
        (OLD.sale_id, OLD.merchant_id, OLD.mode, OLD.bank_account_id, OLD.amount, OLD.currency, OLD.authorised_at)
        IS DISTINCT FROM
        (NEW.sale_id, NEW.merchant_id, NEW.mode, NEW.bank_account_id, NEW.amount, NEW.currency, NEW.authorised_at)
        OR OLD.ended_at IS NOT NULL OR NEW.captured < OLD.captured OR NEW.parts < OLD.parts
    )
    EXECUTE FUNCTION ledger_refuse('an authorisation is captured from until it ends, and nothing else');
CREATE TRIGGER authorisation_is_never_deleted BEFORE DELETE OR TRUNCATE ON payments_authorisation
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('an authorisation is never deleted');
CREATE TRIGGER capture_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_capture
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a capture is never changed or deleted');

-- Count what was confirmed just now against the limits of its account and person, as payments_capture does for what
-- is taken at once.
CREATE FUNCTION payments_spend_confirmed(the_bank_account bigint, the_amount bigint, spent timestamptz) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    today constant date := (spent AT TIME ZONE 'Europe/Amsterdam')::date;
    this_month constant date := date_trunc('month', today);
    hour_ago constant timestamptz := spent - interval '1 hour';
    the_person bigint;
BEGIN
    LOOP
        UPDATE payments_account_limit SET
            day = greatest(day, today), day_spent = CASE WHEN day >= today THEN day_spent ELSE 0 END + the_amount,
            month = greatest(month, this_month),
            month_spent = CASE WHEN month >= this_month THEN month_spent ELSE 0 END + the_amount,
            hour_from = CASE WHEN hour_from > hour_ago THEN hour_from ELSE spent END,
            hour_payments = CASE WHEN hour_from > hour_ago THEN hour_payments ELSE 0 END + 1,
            unconfirmed = 0
        WHERE bank_account_id = the_bank_account
            AND CASE WHEN day >= today THEN day_spent ELSE 0 END + the_amount <= daily
            AND CASE WHEN month >= this_month THEN month_spent ELSE 0 END + the_amount <= monthly
            AND CASE WHEN hour_from > hour_ago THEN hour_payments ELSE 0 END < hourly_payments
        RETURNING person_id INTO the_person;
        EXIT WHEN FOUND;
        PERFORM payments_open_or_refuse(the_bank_account, the_amount, spent, true, today);
    END LOOP;
    IF the_person IS NOT NULL THEN
        PERFORM payments_spend_of_person(the_person, the_amount, spent, today);
    END IF;
END
$$;

-- Set the OK part of a sale aside. Refuses as payments_capture does: a sale that has a payment or an authorisation
-- (OK111), a bank account that is gone or of the other mode (OK112) or not ready (OK117), what is over a limit (OK113
-- to OK115).
CREATE FUNCTION payments_authorise(
    the_sale bigint, the_merchant bigint, the_mode text, the_bank_account bigint, the_amount bigint,
    the_currency text, authorised timestamptz
) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_payment WHERE sale_id = the_sale) THEN
        RAISE EXCEPTION 'sale % has a payment', the_sale USING ERRCODE = 'OK111';
    END IF;
    INSERT INTO payments_authorisation
        (sale_id, merchant_id, mode, bank_account_id, amount, currency, captured, parts, authorised_at)
    SELECT the_sale, the_merchant, the_mode, id, the_amount, the_currency, 0, 0, authorised
    FROM payments_bank_account
    WHERE id = the_bank_account AND mode = the_mode AND ready_at IS NOT NULL
    ON CONFLICT (sale_id) DO NOTHING;
    IF NOT FOUND THEN
        IF EXISTS (SELECT FROM payments_authorisation WHERE sale_id = the_sale) THEN
            RAISE EXCEPTION 'sale % has an authorisation', the_sale USING ERRCODE = 'OK111';
        END IF;
        IF EXISTS (
            SELECT FROM payments_bank_account
            WHERE id = the_bank_account AND mode = the_mode AND removed_at IS NULL
        ) THEN
            RAISE EXCEPTION 'bank account % is not ready', the_bank_account USING ERRCODE = 'OK117';
        END IF;
        RAISE EXCEPTION 'bank account % is gone', the_bank_account USING ERRCODE = 'OK112';
    END IF;
    PERFORM payments_spend_confirmed(the_bank_account, the_amount, authorised);
END
$$;

-- Capture a part: its row and its posting, in one call. Returns the part's number. Refuses (OK121) what is more than
-- is left, or comes after the end. The bank account may be gone by now: what was promised from it is still owed.
CREATE FUNCTION payments_capture_part(the_sale bigint, the_amount bigint, captured_on timestamptz) RETURNS integer
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    held payments_authorisation;
BEGIN
    UPDATE payments_authorisation SET captured = captured + the_amount, parts = parts + 1
    WHERE sale_id = the_sale AND ended_at IS NULL AND captured + the_amount <= amount
    RETURNING * INTO held;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'sale % has not so much left to capture', the_sale USING ERRCODE = 'OK121';
    END IF;
    INSERT INTO payments_capture (sale_id, number, merchant_id, mode, amount, captured_at)
    VALUES (the_sale, held.parts, held.merchant_id, held.mode, the_amount, captured_on);
    PERFORM ledger_transfer(
        'part_captured', the_sale || '-' || held.parts, held.mode, captured_on,
        'shopper_receivable', 'bank_account', held.bank_account_id,
        'merchant_payable', 'merchant', held.merchant_id, held.currency, the_amount);
    RETURN held.parts;
END
$$;

-- End an authorisation: what was captured becomes the sale's payment, the rest is released. Returns what was captured.
-- Refuses (OK122) one that has ended.
CREATE FUNCTION payments_end_authorisation(the_sale bigint, ended timestamptz) RETURNS bigint
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    held payments_authorisation;
BEGIN
    UPDATE payments_authorisation SET ended_at = ended
    WHERE sale_id = the_sale AND ended_at IS NULL RETURNING * INTO held;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the authorisation of sale % has ended', the_sale USING ERRCODE = 'OK122';
    END IF;
    IF held.captured > 0 THEN
        INSERT INTO payments_payment
            (sale_id, merchant_id, mode, bank_account_id, amount, currency, captured_at)
        VALUES (the_sale, held.merchant_id, held.mode, held.bank_account_id, held.captured, held.currency, ended);
    END IF;
    RETURN held.captured;
END
$$;

-- The sale that a booking was a purchase for; null for any other kind of booking. The part of a sale has its number
-- behind it.
CREATE FUNCTION payments_sale_of(kind text, reference text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN kind IN ('sale_paid', 'part_captured') THEN split_part(reference, '-', 1)::bigint END
$$;

-- The bookings of a sale's purchase: one, or one for each part that was captured.
CREATE FUNCTION payments_purchases_of(the_sale bigint, the_mode text) RETURNS TABLE (posting_id bigint)
LANGUAGE sql STABLE AS $$
    SELECT id FROM payments_posting
    WHERE mode = the_mode AND kind = 'sale_paid' AND reference = the_sale::text
    UNION ALL
    SELECT posting.id FROM payments_capture part
    JOIN payments_posting posting ON posting.mode = the_mode AND posting.kind = 'part_captured'
        AND posting.reference = part.sale_id || '-' || part.number
    WHERE part.sale_id = the_sale
$$;
