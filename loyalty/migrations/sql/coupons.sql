-- Coupons: found before a sale is priced, taken when it settles, given back when it comes to nothing.
ALTER TABLE loyalty_coupon_series
    ADD CONSTRAINT coupon_series_offer_of_same_merchant
    FOREIGN KEY (merchant_id, offer_id) REFERENCES loyalty_offer (merchant_id, id);
ALTER TABLE loyalty_coupon
    ADD CONSTRAINT coupon_series_of_same_merchant
    FOREIGN KEY (merchant_id, series_id) REFERENCES loyalty_coupon_series (merchant_id, id);
ALTER TABLE loyalty_coupon_use
    ADD CONSTRAINT coupon_use_coupon_of_its_series
    FOREIGN KEY (series_id, coupon_id) REFERENCES loyalty_coupon (series_id, id),
    ADD CONSTRAINT coupon_use_series_of_same_merchant
    FOREIGN KEY (merchant_id, series_id) REFERENCES loyalty_coupon_series (merchant_id, id),
    ADD CONSTRAINT coupon_use_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id),
    ADD CONSTRAINT coupon_use_return_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, given_back_by_id) REFERENCES trade_return (merchant_id, mode, id);
ALTER TABLE loyalty_kept_coupon
    ADD CONSTRAINT kept_coupon_of_its_series
    FOREIGN KEY (series_id, coupon_id) REFERENCES loyalty_coupon (series_id, id),
    ADD CONSTRAINT kept_coupon_of_same_merchant
    FOREIGN KEY (merchant_id, series_id) REFERENCES loyalty_coupon_series (merchant_id, id);

-- What only this shopper has: the coupons that were shown (by code) and those the person keeps in the wallet, newest
-- first, each with what is left of it; codes of another merchant; and since when this till has guessed too often.
-- A part of the statement that asks for the snapshot, and only where the merchant has offers by code.
CREATE FUNCTION loyalty_own(
    p_merchant bigint, p_person bigint, p_mode text, p_codes text[], p_guesser text[], p_since timestamptz
) RETURNS jsonb LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    shown jsonb;
    kept jsonb;
    elsewhere jsonb;
    throttled timestamptz;
BEGIN
    IF cardinality(p_codes) > 0 THEN
        throttled := (
            SELECT max(guess.opened_at) FROM wallet_guesswindow guess
            WHERE guess.bucket = ANY (p_guesser) AND guess.wrong >= guess.allowed AND guess.opened_at > p_since);
        SELECT jsonb_agg(jsonb_build_array(coupon.code, coupon.id, coupon.series_id, series.offer_id,
            CASE p_mode WHEN 'live' THEN coupon.left_live ELSE coupon.left_test END))
        INTO shown
        FROM loyalty_coupon coupon JOIN loyalty_coupon_series series ON series.id = coupon.series_id
        WHERE coupon.code = ANY (p_codes) AND coupon.merchant_id = p_merchant;
        IF coalesce(jsonb_array_length(shown), 0) < cardinality(p_codes) THEN
            elsewhere := (SELECT jsonb_agg(DISTINCT coupon.code) FROM loyalty_coupon coupon
                WHERE coupon.code = ANY (p_codes) AND coupon.merchant_id <> p_merchant);
        END IF;
    END IF;
    IF p_person IS NOT NULL THEN
        SELECT jsonb_agg(jsonb_build_array(mine.code, mine.id, mine.series_id, mine.offer_id, mine.remaining))
        INTO kept
        FROM (
            SELECT coupon.code, coupon.id, coupon.series_id, series.offer_id,
                CASE p_mode WHEN 'live' THEN coupon.left_live ELSE coupon.left_test END AS remaining
            FROM loyalty_kept_coupon keeping
            JOIN loyalty_coupon coupon ON coupon.id = keeping.coupon_id
            JOIN loyalty_coupon_series series ON series.id = coupon.series_id
            WHERE keeping.person_id = p_person AND keeping.merchant_id = p_merchant
            ORDER BY keeping.kept_at, coupon.id
        ) AS mine WHERE mine.remaining > 0 OR mine.remaining IS NULL;
    END IF;
    RETURN jsonb_build_object('throttled', extract(epoch FROM throttled), 'shown', shown, 'kept', kept,
        'elsewhere', elsewhere);
END
$$;

-- Count one use back in, or out, in the mode it happened in. A coupon without a limit is never written.
CREATE FUNCTION loyalty_count_coupon(p_coupon bigint, p_mode text, p_more int) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF p_mode = 'live' THEN
        UPDATE loyalty_coupon SET left_live = left_live + p_more
        WHERE id = p_coupon AND left_live + p_more >= 0;
    ELSE
        UPDATE loyalty_coupon SET left_test = left_test + p_more
        WHERE id = p_coupon AND left_test + p_more >= 0;
    END IF;
    -- Whether there is a limit never changes, so this may be asked afterwards.
    RETURN FOUND OR EXISTS (SELECT FROM loyalty_coupon
        WHERE id = p_coupon AND CASE p_mode WHEN 'live' THEN left_live ELSE left_test END IS NULL);
END
$$;

-- Take the coupons of a sale: never check-then-write, so that of many who show the last use one gets it. A second
-- call for the same sale does nothing. Raises OK004 (detail: the coupon) when one has no use left.
CREATE FUNCTION loyalty_take_coupons(
    p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz,
    p_coupons bigint[], p_series bigint[], p_offers bigint[], p_amounts bigint[]
) RETURNS int LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    shown record;
BEGIN
    FOR shown IN
        SELECT * FROM unnest(p_coupons, p_series, p_offers, p_amounts) AS one (coupon, series, offer, amount)
        ORDER BY coupon
    LOOP
        INSERT INTO loyalty_coupon_use (sale_id, coupon_id, series_id, offer_id, merchant_id, mode, amount, used_at)
        VALUES (p_sale, shown.coupon, shown.series, shown.offer, p_merchant, p_mode, shown.amount, p_at)
        ON CONFLICT (sale_id, coupon_id) DO NOTHING;
        IF FOUND AND NOT loyalty_count_coupon(shown.coupon, p_mode, -1) THEN
            RAISE EXCEPTION 'a coupon has no use left' USING ERRCODE = 'OK004', DETAIL = shown.coupon;
        END IF;
    END LOOP;
    RETURN cardinality(p_coupons);
END
$$;

-- A sale that held coupons was given up: they are free again.
CREATE FUNCTION loyalty_release_coupons(p_sale bigint) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT used.coupon_id, used.mode FROM loyalty_coupon_use used
        WHERE used.sale_id = p_sale AND used.given_back_by_id IS NULL ORDER BY used.coupon_id
    LOOP
        DELETE FROM loyalty_coupon_use WHERE sale_id = p_sale AND coupon_id = held.coupon_id;
        IF FOUND THEN
            PERFORM loyalty_count_coupon(held.coupon_id, held.mode, 1);
        END IF;
    END LOOP;
END
$$;

-- All that these offers lowered came back: give the coupons back that opened them, where the offer says so.
CREATE FUNCTION loyalty_give_coupons_back(p_return bigint, p_sale bigint, p_offers bigint[])
RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    used record;
BEGIN
    FOR used IN
        SELECT taken.coupon_id, taken.mode FROM loyalty_coupon_use taken
        JOIN loyalty_offer offer ON offer.id = taken.offer_id AND offer.gives_back
        WHERE taken.sale_id = p_sale AND taken.offer_id = ANY (p_offers) AND taken.given_back_by_id IS NULL
        ORDER BY taken.coupon_id
    LOOP
        UPDATE loyalty_coupon_use SET given_back_by_id = p_return
        WHERE sale_id = p_sale AND coupon_id = used.coupon_id AND given_back_by_id IS NULL;
        IF FOUND THEN
            PERFORM loyalty_count_coupon(used.coupon_id, used.mode, 1);
        END IF;
    END LOOP;
END
$$;
