-- A merchant's scheme has its own versions and offers, whatever the code above it does.
ALTER TABLE loyalty_scheme
    ADD CONSTRAINT scheme_in_force_of_same_merchant
    FOREIGN KEY (merchant_id, in_force) REFERENCES loyalty_scheme_version (merchant_id, number),
    ADD CONSTRAINT scheme_scheduled_of_same_merchant
    FOREIGN KEY (merchant_id, scheduled) REFERENCES loyalty_scheme_version (merchant_id, number);
ALTER TABLE loyalty_scheme_version
    ADD CONSTRAINT scheme_version_back_to_of_same_merchant
    FOREIGN KEY (merchant_id, back_to) REFERENCES loyalty_scheme_version (merchant_id, number);
ALTER TABLE loyalty_scheme_offer
    ADD CONSTRAINT scheme_offer_of_same_merchant
    FOREIGN KEY (merchant_id, offer_id) REFERENCES loyalty_offer (merchant_id, id);

-- What was published once stays as it was; only when it began is filled in, once.
CREATE TRIGGER scheme_version_is_never_deleted BEFORE DELETE OR TRUNCATE ON loyalty_scheme_version
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a version of a scheme is never deleted');
CREATE TRIGGER scheme_version_stays_as_published BEFORE UPDATE OF
    id, merchant_id, number, content, fingerprint, accepts_loss, back_to, published_at, starts_at
    ON loyalty_scheme_version
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse('a version of a scheme never changes');

CREATE FUNCTION scheme_version_starts_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a scheme comes into force once' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER scheme_version_starts_once BEFORE UPDATE OF started_at ON loyalty_scheme_version
    FOR EACH ROW WHEN (OLD.started_at IS NOT NULL) EXECUTE FUNCTION scheme_version_starts_once();
