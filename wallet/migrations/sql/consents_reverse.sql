DROP FUNCTION wallet_record_disclosures;
CREATE FUNCTION wallet_record_disclosures(
    person_ids bigint[], merchant_ids bigint[], actor_kinds text[], actor_ids text[], actor_names text[],
    purposes text[], whats text[], moments timestamptz[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO wallet_disclosure
        (person_id, merchant_id, actor_kind, actor_id, actor_name, purpose, what, at)
    SELECT * FROM unnest(
        person_ids, merchant_ids, actor_kinds, actor_ids, actor_names, purposes, whats, moments);
END
$$;
DROP TRIGGER consent_stays ON wallet_consent;
DROP FUNCTION wallet_consent_stays;
DROP TRIGGER wording_stays ON wallet_consent_wording;
DROP FUNCTION wallet_wording_stays;
