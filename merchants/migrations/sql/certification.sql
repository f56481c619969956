-- A step belongs to a certificate of its merchant.
ALTER TABLE merchants_certificate_step ADD CONSTRAINT certificate_step_of_same_merchant
    FOREIGN KEY (merchant_id, certificate_id) REFERENCES merchants_certificate (merchant_id, id);

-- What was found stays found: another run is another certificate.
CREATE TRIGGER certificate_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON merchants_certificate
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
CREATE TRIGGER certificate_step_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON merchants_certificate_step
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
