-- Live and test never meet: a device and a receipt carry the mode of their person, a receipt also that of its sale.
ALTER TABLE wallet_device
    ADD CONSTRAINT device_person_in_mode
    FOREIGN KEY (person_id, mode) REFERENCES parties_person (id, mode);
ALTER TABLE wallet_receipt
    ADD CONSTRAINT receipt_person_in_mode
    FOREIGN KEY (person_id, mode) REFERENCES parties_person (id, mode);
ALTER TABLE wallet_receipt
    ADD CONSTRAINT receipt_sale_in_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id);

-- A handle is used by one sale for good. The conditional UPDATE of wallet.actions.bind_code never asks for more; this
-- keeps everything else (a shell, an import, a later mistake) from giving a handle to a second sale.
CREATE FUNCTION wallet_handle_stays_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a handle belongs to one sale for good' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER handle_stays_used BEFORE UPDATE ON wallet_handle
    FOR EACH ROW WHEN (OLD.sale_ref IS NOT NULL AND NEW.sale_ref IS DISTINCT FROM OLD.sale_ref)
    EXECUTE FUNCTION wallet_handle_stays_used();
