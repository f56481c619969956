-- Points that pay a part of a sale. Whoever touches a member's points holds the member's row first, then the account,
-- then the lots, as earning does; a merchant that lets nobody spend points pays for none of it.
ALTER TABLE loyalty_spending
    ADD CONSTRAINT spending_goes_in_whole_steps CHECK (step % points = 0 AND minimum % step = 0);
ALTER TABLE loyalty_wish
    ADD CONSTRAINT wish_reward_of_same_merchant
    FOREIGN KEY (merchant_id, reward_id) REFERENCES loyalty_reward (merchant_id, id),
    ADD CONSTRAINT wish_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id);
ALTER TABLE loyalty_donation
    ADD CONSTRAINT donation_reward_of_same_merchant
    FOREIGN KEY (merchant_id, reward_id) REFERENCES loyalty_reward (merchant_id, id),
    ADD CONSTRAINT donation_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id);
ALTER TABLE loyalty_spend
    ADD CONSTRAINT spend_reward_of_same_merchant
    FOREIGN KEY (merchant_id, reward_id) REFERENCES loyalty_reward (merchant_id, id),
    ADD CONSTRAINT spend_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT spend_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id);
ALTER TABLE loyalty_spend_back
    ADD CONSTRAINT spend_back_return_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_return_id) REFERENCES trade_return (merchant_id, mode, id);

-- From which lots a sale took its points: by its number, and by nothing else that goes from lots.
CREATE INDEX lot_use_spent ON loyalty_lot_use (reference) WHERE kind IN ('points_spent', 'points_held');

-- What a person chose on the phone to spend here: {"wish": [id, points, reward]}. Beside loyalty_own in one statement.
CREATE FUNCTION loyalty_wanted(p_merchant bigint, p_person bigint, p_mode text, p_spends boolean)
RETURNS jsonb LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    IF p_person IS NULL OR NOT p_spends THEN
        RETURN '{}';
    END IF;
    RETURN jsonb_build_object('wish', (
        SELECT jsonb_build_array(wish.id, wish.points, wish.reward_id) FROM loyalty_wish wish
        WHERE wish.member_id = (
            SELECT member.id FROM loyalty_member member
            WHERE member.person_id = p_person AND member.merchant_id = p_merchant AND member.mode = p_mode)));
END
$$;

-- Put points back into the lots that a sale had taken them from, so many of the p_points that follow on p_before which
-- have come back already: the youngest lot first, an order that never changes. A lot that has ended meanwhile gets days
-- of grace; points from before there were lots get one of their own. The caller holds the member.
CREATE FUNCTION loyalty_refill_lots(
    the_member loyalty_member, p_sale bigint, p_before bigint, p_points bigint, p_kind text, p_reference text,
    p_at timestamptz
) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    rolls_until constant timestamptz := loyalty_rolling_end(the_member.id);
    terms record;
    grace_until timestamptz;
    rest bigint;
BEGIN
    SELECT programme.expiry, programme.expiry_length, merchant.timezone, coalesce(spending.grace_days, 0) AS grace_days
    INTO terms
    FROM loyalty_programme programme JOIN parties_merchant merchant ON merchant.id = programme.merchant_id
    LEFT JOIN loyalty_spending spending ON spending.merchant_id = programme.merchant_id
    WHERE programme.id = the_member.programme_id;
    grace_until := ((p_at AT TIME ZONE terms.timezone)::date + terms.grace_days + 1)::timestamp
        AT TIME ZONE terms.timezone;
    WITH used AS (
        SELECT lot.id, used.points, sum(used.points) OVER (ORDER BY lot.earned_at DESC, lot.id DESC) AS upto
        FROM loyalty_lot_use used JOIN loyalty_lot lot ON lot.id = used.lot_id
        WHERE used.reference = p_sale::text AND used.kind IN ('points_spent', 'points_held')
    ), part AS (
        SELECT id, least(upto, p_before + p_points) - greatest(upto - used.points, p_before) AS points FROM used
        WHERE upto > p_before AND upto - used.points < p_before + p_points
    ), filled AS (
        UPDATE loyalty_lot lot SET remaining = lot.remaining + part.points,
            expires_at = CASE WHEN CASE WHEN lot.rolling THEN rolls_until ELSE lot.expires_at END <= p_at
                THEN grace_until ELSE lot.expires_at END
        FROM part WHERE lot.id = part.id RETURNING lot.id, part.points
    ), noted AS (
        INSERT INTO loyalty_lot_use (lot_id, kind, reference, points, used_at)
        SELECT filled.id, p_kind, p_reference, -filled.points, p_at FROM filled RETURNING points
    )
    SELECT p_points + coalesce(sum(points), 0) INTO rest FROM noted;
    IF rest > 0 THEN
        INSERT INTO loyalty_lot (
            merchant_id, mode, member_id, points, remaining, earned_at, expires_at, is_pending, rolling)
        VALUES (
            the_member.merchant_id, the_member.mode, the_member.id, rest, rest, p_at,
            loyalty_lot_end(terms.expiry, terms.expiry_length, p_at, terms.timezone), false,
            terms.expiry = 'inactive');
    END IF;
END
$$;

-- Points came back to a member who is held: they pay what is owed, and who has left OK leaves them too.
CREATE FUNCTION loyalty_settle_back(the_member loyalty_member, p_source text, p_at timestamptz)
RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    PERFORM loyalty_pay_debts_of(the_member.id, the_member.programme_id, p_source, p_at);
    IF EXISTS (SELECT FROM parties_person WHERE id = the_member.person_id AND NOT is_active) THEN
        PERFORM loyalty_lapse(the_member.id, p_at);
    END IF;
END
$$;

-- End the hold of a sale: p_unused of its points go back, the others are spent. Without p_unused all go back, because
-- the sale never was. Returns how many went back; where nothing is held it does nothing.
CREATE FUNCTION loyalty_end_hold(p_sale bigint, p_at timestamptz, p_unused bigint DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    held loyalty_spend;
    back bigint;
BEGIN
    SELECT member.* INTO the_member FROM loyalty_member member
    WHERE member.id = (SELECT member_id FROM loyalty_spend WHERE sale_id = p_sale AND state = 'held')
    FOR NO KEY UPDATE;
    SELECT * INTO held FROM loyalty_spend WHERE sale_id = p_sale AND state = 'held' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    back := coalesce(p_unused, held.points);
    UPDATE loyalty_spend SET given_back = back, state = CASE WHEN back = points THEN 'released' ELSE 'spent' END
    WHERE sale_id = p_sale;
    IF back < held.points THEN
        PERFORM ledger_transfer(
            'points_spent', p_sale::text, held.mode, p_at, 'member_points_held', 'member', the_member.id,
            'programme_points', 'programme', the_member.programme_id, 'points:' || the_member.programme_id,
            held.points - back);
    END IF;
    IF back > 0 THEN
        PERFORM ledger_transfer(
            'points_released', p_sale::text, held.mode, p_at, 'member_points_held', 'member', the_member.id,
            'member_points', 'member', the_member.id, 'points:' || the_member.programme_id, back);
        IF the_member.keeps_lots THEN
            PERFORM loyalty_refill_lots(the_member, p_sale, 0, back, 'points_released', p_sale::text, p_at);
        END IF;
        PERFORM loyalty_settle_back(the_member, 'sale-' || p_sale, p_at);
    END IF;
    RETURN back;
END
$$;

-- Take the points that pay a part of a sale, from the lots that end first: all of them or none, so that of many who
-- want the last ones one gets them. With p_hold they are set aside, and a second call spends them, but for p_unused; any
-- other second call does nothing. Raises OK016 when they are not there, or the wish they fulfil is not.
CREATE FUNCTION loyalty_spend(
    p_sale bigint, p_merchant bigint, p_mode text, p_at timestamptz, p_member bigint, p_points bigint,
    p_amount bigint, p_wish bigint, p_unused bigint, p_hold boolean, p_reward bigint
) RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    the_kind constant text := CASE WHEN p_hold THEN 'points_held' ELSE 'points_spent' END;
BEGIN
    SELECT * INTO the_member FROM loyalty_member
    WHERE id = p_member AND merchant_id = p_merchant AND mode = p_mode FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM loyalty_spend WHERE sale_id = p_sale) THEN
        IF NOT p_hold THEN
            PERFORM loyalty_end_hold(p_sale, p_at, p_unused);
        END IF;
        RETURN 0;
    END IF;
    IF p_wish IS NOT NULL THEN
        DELETE FROM loyalty_wish WHERE id = p_wish AND member_id = p_member;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the wish to spend points is gone' USING ERRCODE = 'OK016';
        END IF;
    END IF;
    PERFORM FROM payments_account
    WHERE owner_id = p_member AND kind = 'member_points' AND asset = 'points:' || the_member.programme_id
        AND mode = p_mode
    FOR NO KEY UPDATE;
    IF coalesce(loyalty_points(p_member, the_member.programme_id, p_mode), 0) < p_points THEN
        RAISE EXCEPTION 'the points are gone' USING ERRCODE = 'OK016';
    END IF;
    PERFORM ledger_transfer(
        the_kind, p_sale::text, p_mode, p_at, 'member_points', 'member', p_member,
        CASE WHEN p_hold THEN 'member_points_held' ELSE 'programme_points' END,
        CASE WHEN p_hold THEN 'member' ELSE 'programme' END,
        CASE WHEN p_hold THEN p_member ELSE the_member.programme_id END,
        'points:' || the_member.programme_id, p_points);
    IF the_member.keeps_lots THEN
        PERFORM loyalty_use_lots(p_member, p_points, the_kind, p_sale::text, p_at, NULL);
    END IF;
    INSERT INTO loyalty_spend (sale_id, merchant_id, mode, member_id, points, amount, reward_id, state, given_back, spent_at)
    VALUES (
        p_sale, p_merchant, p_mode, p_member, p_points, p_amount, p_reward, CASE WHEN p_hold THEN 'held' ELSE 'spent' END, 0,
        p_at);
    RETURN p_points;
END
$$;

-- Give back what a return brings back of the points that its sale took, at most what is left of them; return how many.
CREATE FUNCTION loyalty_give_points_back(p_return bigint, p_sale bigint, p_at timestamptz, p_points bigint)
RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    spent loyalty_spend;
    back bigint;
BEGIN
    SELECT member.* INTO the_member FROM loyalty_member member
    WHERE member.id = (SELECT member_id FROM loyalty_spend WHERE sale_id = p_sale)
    FOR NO KEY UPDATE;
    SELECT * INTO spent FROM loyalty_spend WHERE sale_id = p_sale AND state = 'spent' FOR UPDATE;
    back := least(p_points, spent.points - spent.given_back);
    IF back IS NULL OR back <= 0 THEN
        RETURN 0;
    END IF;
    UPDATE loyalty_spend SET given_back = given_back + back WHERE sale_id = p_sale;
    INSERT INTO loyalty_spend_back (sale_return_id, spend_id, merchant_id, mode, points, given_at)
    VALUES (p_return, p_sale, spent.merchant_id, spent.mode, back, p_at);
    PERFORM ledger_transfer(
        'points_given_back', p_return::text, spent.mode, p_at, 'programme_points', 'programme',
        the_member.programme_id, 'member_points', 'member', the_member.id,
        'points:' || the_member.programme_id, back);
    IF the_member.keeps_lots THEN
        PERFORM loyalty_refill_lots(
            the_member, p_sale, spent.given_back, back, 'points_given_back', p_return::text, p_at);
    END IF;
    PERFORM loyalty_settle_back(the_member, 'return-' || p_return, p_at);
    RETURN back;
END
$$;

CREATE TRIGGER spend_back_never_changes BEFORE UPDATE OR DELETE ON loyalty_spend_back
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('points that came back stay so');
CREATE TRIGGER spend_is_never_deleted BEFORE DELETE ON loyalty_spend
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('points that were spent are given back, never deleted');

-- Give points to the charity of a reward, as it is now; return what the merchant owes the charity for them. All of its
-- cost or nothing: raises OK016 when they are not there, OK017 when there is no such reward.
CREATE FUNCTION loyalty_donate(p_member bigint, p_reward bigint, p_at timestamptz, OUT donation bigint, OUT amount bigint)
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    the_reward loyalty_reward;
BEGIN
    SELECT * INTO the_member FROM loyalty_member WHERE id = p_member FOR NO KEY UPDATE;
    SELECT * INTO the_reward FROM loyalty_reward
    WHERE id = p_reward AND merchant_id = the_member.merchant_id AND kind = 'donation' AND state = 'active' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such charity' USING ERRCODE = 'OK017';
    END IF;
    INSERT INTO loyalty_donation (member_id, merchant_id, mode, reward_id, points, amount, given_at)
    VALUES (p_member, the_member.merchant_id, the_member.mode, p_reward, the_reward.cost, the_reward.amount, p_at)
    RETURNING id, loyalty_donation.amount INTO donation, amount;
    IF loyalty_take_points(
        'points_donated', donation::text, the_member.mode, p_at, p_member, the_member.programme_id, the_reward.cost, NULL
    ) < the_reward.cost THEN
        RAISE EXCEPTION 'the points are gone' USING ERRCODE = 'OK016';
    END IF;
END
$$;

CREATE TRIGGER donation_never_changes BEFORE UPDATE OR DELETE ON loyalty_donation
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('what was given stays given');
