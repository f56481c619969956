-- Gift cards for points.
ALTER TABLE loyalty_card_for_points
    ADD CONSTRAINT card_for_points_reward_of_same_merchant
    FOREIGN KEY (merchant_id, reward_id) REFERENCES loyalty_reward (merchant_id, id),
    ADD CONSTRAINT card_for_points_member_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, member_id) REFERENCES loyalty_member (merchant_id, mode, id),
    ADD CONSTRAINT card_for_points_card_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, gift_card_id) REFERENCES payments_gift_card (merchant_id, mode, id);

-- Take the points that a reward costs for a gift card that this transaction has issued: all of them, from the lots that
-- end first. Raises OK016 when they are not there, OK017 when there is no such reward any more.
CREATE FUNCTION loyalty_take_gift_card(p_member bigint, p_reward bigint, p_card bigint, p_uuid uuid, p_at timestamptz)
RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    the_member loyalty_member;
    the_reward loyalty_reward;
    taken bigint;
BEGIN
    SELECT * INTO the_member FROM loyalty_member WHERE id = p_member FOR NO KEY UPDATE;
    SELECT * INTO the_reward FROM loyalty_reward
    WHERE id = p_reward AND merchant_id = the_member.merchant_id AND kind = 'gift_card' AND state = 'active' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such gift card for points' USING ERRCODE = 'OK017';
    END IF;
    INSERT INTO loyalty_card_for_points
        (member_id, merchant_id, mode, reward_id, gift_card_id, uuid, points, amount, taken_at)
    VALUES (p_member, the_member.merchant_id, the_member.mode, p_reward, p_card, p_uuid, the_reward.cost,
        the_reward.amount, p_at)
    RETURNING id INTO taken;
    IF loyalty_take_points(
        'points_for_card', taken::text, the_member.mode, p_at, p_member, the_member.programme_id, the_reward.cost, NULL
    ) < the_reward.cost THEN
        RAISE EXCEPTION 'the points are gone' USING ERRCODE = 'OK016';
    END IF;
    RETURN taken;
END
$$;

CREATE TRIGGER card_for_points_never_changes BEFORE UPDATE OR DELETE ON loyalty_card_for_points
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse('a gift card that was taken for points stays so');
