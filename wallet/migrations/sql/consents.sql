-- A text that somebody may have said yes to stays word for word as it was; another wording is another version.
CREATE FUNCTION wallet_wording_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a text that people agree to never changes; bring a new version'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER wording_stays BEFORE UPDATE OR DELETE ON wallet_consent_wording
    FOR EACH ROW EXECUTE FUNCTION wallet_wording_stays();

-- Who consented, to whom, for what and to which text never changes; a consent ends once and does not come back.
CREATE FUNCTION wallet_consent_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a consent only ends; another yes is another consent'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER consent_stays BEFORE UPDATE ON wallet_consent
    FOR EACH ROW WHEN (
        (OLD.person_id, OLD.merchant_id, OLD.purpose, OLD.text_version, OLD.language, OLD.granted_at)
        IS DISTINCT FROM
        (NEW.person_id, NEW.merchant_id, NEW.purpose, NEW.text_version, NEW.language, NEW.granted_at)
        OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)
    EXECUTE FUNCTION wallet_consent_stays();

-- Lines of "who looked", each array one column, with what it was for.
DROP FUNCTION wallet_record_disclosures;
CREATE FUNCTION wallet_record_disclosures(
    person_ids bigint[], merchant_ids bigint[], actor_kinds text[], actor_ids text[], actor_names text[],
    purposes text[], whats text[], moments timestamptz[], whys text[], abouts text[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO wallet_disclosure
        (person_id, merchant_id, actor_kind, actor_id, actor_name, purpose, what, at, why, about)
    SELECT * FROM unnest(
        person_ids, merchant_ids, actor_kinds, actor_ids, actor_names, purposes, whats, moments, whys, abouts);
END
$$;
