-- What may be spent, and when the phone must confirm. The bounds stand in payments/spending.py too.

-- Half a page stays free, so that a payment writes the row beside itself and touches no index.
ALTER TABLE payments_account_limit SET (fillfactor = 50);
ALTER TABLE payments_person_limit SET (fillfactor = 50);

-- From now on what this person's accounts spend counts for the person too, beginning with what they have spent. Locks
-- go from the accounts, in order, to the person: as a payment takes them.
CREATE FUNCTION payments_limit_person(the_person bigint, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    today constant date := (at AT TIME ZONE 'Europe/Amsterdam')::date;
    this_month constant date := date_trunc('month', today);
    mine bigint[];
BEGIN
    SELECT array_agg(id) INTO mine FROM payments_bank_account WHERE person_id = the_person;
    INSERT INTO payments_account_limit (bank_account_id, day, month, hour_from, opened_at)
    SELECT id, today, this_month, at, at FROM unnest(mine) AS id
    ON CONFLICT (bank_account_id) DO NOTHING;
    PERFORM FROM payments_account_limit WHERE bank_account_id = ANY (mine) ORDER BY bank_account_id FOR UPDATE;
    INSERT INTO payments_person_limit
        (person_id, day, day_spent, month, month_spent, hour_from, hour_payments, opened_at)
    SELECT the_person, today, coalesce(sum(day_spent) FILTER (WHERE day = today), 0),
        this_month, coalesce(sum(month_spent) FILTER (WHERE month = this_month), 0), at, 0, at
    FROM payments_account_limit WHERE bank_account_id = ANY (mine)
    ON CONFLICT (person_id) DO NOTHING;
    UPDATE payments_account_limit SET person_id = the_person
    WHERE bank_account_id = ANY (mine) AND person_id IS NULL;
END
$$;

-- Say why a row did not let an amount pass: raise OK113 (today), OK114 (this month), OK115 (too often). Nothing is
-- raised where it would now: the caller tries again.
CREATE FUNCTION payments_refuse_over_limit(
    daily bigint, spent_today bigint, monthly bigint, spent_this_month bigint, hourly int, paid_this_hour int,
    the_amount bigint
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF spent_today + the_amount > daily THEN
        RAISE EXCEPTION 'over the limit of a day' USING ERRCODE = 'OK113';
    ELSIF spent_this_month + the_amount > monthly THEN
        RAISE EXCEPTION 'over the limit of a month' USING ERRCODE = 'OK114';
    ELSIF paid_this_hour >= hourly THEN
        RAISE EXCEPTION 'too many payments in an hour' USING ERRCODE = 'OK115';
    END IF;
END
$$;

-- Count a payment for its person, over all accounts; the same windows as in payments_capture.
CREATE FUNCTION payments_spend_of_person(the_person bigint, the_amount bigint, captured timestamptz, today date)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this_month constant date := date_trunc('month', today);
    held payments_person_limit;
BEGIN
    LOOP
        UPDATE payments_person_limit SET
            day = greatest(day, today), day_spent = CASE WHEN day >= today THEN day_spent ELSE 0 END + the_amount,
            month = greatest(month, this_month),
            month_spent = CASE WHEN month >= this_month THEN month_spent ELSE 0 END + the_amount,
            hour_from = CASE WHEN hour_from > captured - interval '1 hour' THEN hour_from ELSE captured END,
            hour_payments = CASE WHEN hour_from > captured - interval '1 hour' THEN hour_payments ELSE 0 END + 1
        WHERE person_id = the_person
            AND CASE WHEN day >= today THEN day_spent ELSE 0 END + the_amount <= daily
            AND CASE WHEN month >= this_month THEN month_spent ELSE 0 END + the_amount <= monthly
            AND CASE WHEN hour_from > captured - interval '1 hour' THEN hour_payments ELSE 0 END < hourly_payments;
        EXIT WHEN FOUND;
        SELECT * INTO STRICT held FROM payments_person_limit WHERE person_id = the_person;
        PERFORM payments_refuse_over_limit(
            held.daily, CASE WHEN held.day >= today THEN held.day_spent ELSE 0 END,
            held.monthly, CASE WHEN held.month >= this_month THEN held.month_spent ELSE 0 END,
            held.hourly_payments,
            CASE WHEN held.hour_from > captured - interval '1 hour' THEN held.hour_payments ELSE 0 END, the_amount);
    END LOOP;
END
$$;

-- The row let nothing pass: open it if there is none, else say why. OK116 asks for a confirmation, and refuses
-- nothing; a limit goes first, because a yes would not help.
CREATE FUNCTION payments_open_or_refuse(
    the_bank_account bigint, the_amount bigint, captured timestamptz, confirmed boolean, today date
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this_month constant date := date_trunc('month', today);
    held payments_account_limit;
BEGIN
    -- The minute is for a payment of the same moment that comes after.
    INSERT INTO payments_account_limit (bank_account_id, day, month, hour_from, opened_at)
    VALUES (the_bank_account, today, this_month, captured, captured - interval '1 minute')
    ON CONFLICT (bank_account_id) DO NOTHING;
    IF FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO STRICT held FROM payments_account_limit WHERE bank_account_id = the_bank_account;
    PERFORM payments_refuse_over_limit(
        held.daily, CASE WHEN held.day >= today THEN held.day_spent ELSE 0 END,
        held.monthly, CASE WHEN held.month >= this_month THEN held.month_spent ELSE 0 END,
        held.hourly_payments,
        CASE WHEN held.hour_from > captured - interval '1 hour' THEN held.hour_payments ELSE 0 END, the_amount);
    IF NOT confirmed AND (the_amount > 5000 OR held.unconfirmed + the_amount > 15000) THEN
        RAISE EXCEPTION 'the phone has to confirm this' USING ERRCODE = 'OK116';
    END IF;
END
$$;

-- Take the OK part of a sale, in one call: the payment, its count and its posting. Refuses a sale that has one
-- (OK111), a bank account that is gone or of the other mode (OK112), and what is over a limit (OK113 to OK115); asks
-- for a confirmation (OK116) above € 50, and above € 150 since the last one. What is confirmed counts from zero again.
DROP FUNCTION payments_capture;
CREATE FUNCTION payments_capture(
    the_sale bigint, the_merchant bigint, the_mode text, the_bank_account bigint, the_amount bigint,
    the_currency text, captured timestamptz, confirmed boolean
) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    today constant date := (captured AT TIME ZONE 'Europe/Amsterdam')::date;
    this_month constant date := date_trunc('month', today);
    hour_ago constant timestamptz := captured - interval '1 hour';
    the_person bigint;
BEGIN
    INSERT INTO payments_payment
        (sale_id, merchant_id, mode, bank_account_id, amount, currency, captured_at)
    SELECT the_sale, the_merchant, the_mode, id, the_amount, the_currency, captured
    FROM payments_bank_account
    WHERE id = the_bank_account AND mode = the_mode AND removed_at IS NULL
    ON CONFLICT (sale_id) DO NOTHING;
    IF NOT FOUND THEN
        IF EXISTS (SELECT FROM payments_payment WHERE sale_id = the_sale) THEN
            RAISE EXCEPTION 'sale % has a payment', the_sale USING ERRCODE = 'OK111';
        END IF;
        RAISE EXCEPTION 'bank account % is gone', the_bank_account USING ERRCODE = 'OK112';
    END IF;
    LOOP
        UPDATE payments_account_limit SET
            day = greatest(day, today), day_spent = CASE WHEN day >= today THEN day_spent ELSE 0 END + the_amount,
            month = greatest(month, this_month),
            month_spent = CASE WHEN month >= this_month THEN month_spent ELSE 0 END + the_amount,
            hour_from = CASE WHEN hour_from > hour_ago THEN hour_from ELSE captured END,
            hour_payments = CASE WHEN hour_from > hour_ago THEN hour_payments ELSE 0 END + 1,
            unconfirmed = CASE WHEN confirmed THEN 0 ELSE unconfirmed + the_amount END
        WHERE bank_account_id = the_bank_account
            AND CASE WHEN day >= today THEN day_spent ELSE 0 END + the_amount <= daily
            AND CASE WHEN month >= this_month THEN month_spent ELSE 0 END + the_amount <= monthly
            AND CASE WHEN hour_from > hour_ago THEN hour_payments ELSE 0 END < hourly_payments
            AND (confirmed OR the_amount <= 5000 AND unconfirmed + the_amount <= 15000)
        RETURNING person_id INTO the_person;
        EXIT WHEN FOUND;
        PERFORM payments_open_or_refuse(the_bank_account, the_amount, captured, confirmed, today);
    END LOOP;
    IF the_person IS NOT NULL THEN
        PERFORM payments_spend_of_person(the_person, the_amount, captured, today);
    END IF;
    PERFORM ledger_transfer(
        'sale_paid', the_sale::text, the_mode, captured,
        'shopper_receivable', 'bank_account', the_bank_account,
        'merchant_payable', 'merchant', the_merchant, the_currency, the_amount);
END
$$;

-- Who has several accounts by now is limited over all of them.
SELECT payments_limit_person(person_id, now())
FROM (SELECT person_id FROM payments_bank_account GROUP BY person_id HAVING count(*) > 1) AS several;
