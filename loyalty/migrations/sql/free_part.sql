-- Take one use of p_amount from a limited offer; false if that much is not left. Never check-then-write: each
-- UPDATE carries its condition, and the rest happens under locks taken in one order.
--
-- A part that another till is taking from is passed over, and so is one with less than PLENTY (8) such discounts: as
-- long as there is more, no till waits for another, and none needs the block below, which is a transaction of its own.
CREATE OR REPLACE FUNCTION loyalty_take(p_merchant bigint, p_offer bigint, p_mode text, p_amount bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    parts constant int := loyalty_parts();
    plenty constant int := 8;
    part constant int := floor(random() * parts);
    total_amount bigint;
    total_uses bigint;
BEGIN
    FOR other IN 0 .. 2 LOOP
        UPDATE loyalty_offer_budget
        SET left_amount = left_amount - p_amount, left_uses = left_uses - 1
        WHERE offer_id = p_offer AND mode = p_mode AND shard = (
            SELECT free.shard FROM loyalty_offer_budget free
            WHERE free.offer_id = p_offer AND free.mode = p_mode AND free.shard = (part + other) % parts
                AND coalesce(free.left_amount >= plenty * p_amount, true) AND coalesce(free.left_uses >= plenty, true)
            FOR NO KEY UPDATE SKIP LOCKED);
        IF FOUND THEN
            RETURN true;
        END IF;
    END LOOP;
    BEGIN
        UPDATE loyalty_offer_budget
        SET left_amount = left_amount - p_amount, left_uses = left_uses - 1
        WHERE offer_id = p_offer AND mode = p_mode AND shard = part
            AND coalesce(left_amount >= p_amount, true) AND coalesce(left_uses >= 1, true);
        IF FOUND THEN
            RETURN true;
        END IF;
        -- An UPDATE that waited and then found its condition broken still holds the row. Undoing this block lets
        -- go of it: who goes on to lock all parts in order must hold none, or two of them wait for each other.
        RAISE EXCEPTION USING ERRCODE = 'OK003', MESSAGE = 'this part is too small';
    EXCEPTION WHEN SQLSTATE 'OK003' THEN
        NULL;
    END;
    PERFORM FROM loyalty_offer_budget
    WHERE offer_id = p_offer AND mode = p_mode ORDER BY shard FOR UPDATE;
    -- A statement of its own, so that it sees what the last holder of the locks left.
    SELECT sum(left_amount), sum(left_uses) INTO total_amount, total_uses
    FROM loyalty_offer_budget WHERE offer_id = p_offer AND mode = p_mode;
    IF total_amount < p_amount OR total_uses < 1 THEN
        RETURN false;
    END IF;
    PERFORM loyalty_lay_out(
        p_merchant, p_offer, p_mode, total_amount - p_amount, total_uses - 1, p_amount);
    RETURN true;
END
$$;
