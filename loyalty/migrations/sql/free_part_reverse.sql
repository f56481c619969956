-- Take one use of p_amount from a limited offer; false if that much is not left. Never check-then-write:
-- the first UPDATE carries its condition, and the rest happens under locks taken in one order.
CREATE OR REPLACE FUNCTION loyalty_take(p_merchant bigint, p_offer bigint, p_mode text, p_amount bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    part constant int := floor(random() * loyalty_parts());
    total_amount bigint;
    total_uses bigint;
BEGIN
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
