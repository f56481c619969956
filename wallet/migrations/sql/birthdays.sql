-- A person's birthday as a merchant may use it now: [month, day, since when it is known (Unix seconds)]; NULL where it was
-- not told, or where no consent is in force. The only way to it for what a sale asks.
CREATE FUNCTION wallet_birthday_of(p_merchant bigint, p_person bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN (SELECT jsonb_build_array(told.month, told.day, extract(epoch FROM told.told_at))
        FROM wallet_birthday told
        WHERE told.person_id = p_person AND EXISTS (SELECT FROM wallet_consent consent
            WHERE consent.person_id = p_person AND consent.merchant_id = p_merchant
                AND consent.purpose = 'birthday' AND consent.withdrawn_at IS NULL));
END
$$;
