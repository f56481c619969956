-- A warranty and a letter are of the person whose receipt it is; a warranty of a line, of one that is on it.
-- A trigger, not a composite key: that would cost every receipt an index.
CREATE FUNCTION wallet_is_of_the_receipts_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM wallet_receipt WHERE id = NEW.receipt_id AND person_id = NEW.person_id
    ) THEN
        RAISE EXCEPTION 'receipt % is not of person %', NEW.receipt_id, NEW.person_id
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION wallet_warranty_is_of_a_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.line IS NOT NULL AND NOT EXISTS (
        SELECT FROM wallet_receipt receipt
        JOIN trade_sale_line line ON line.sale_id = receipt.sale_id AND line.number = NEW.line
        WHERE receipt.id = NEW.receipt_id
    ) THEN
        RAISE EXCEPTION 'receipt % has no line %', NEW.receipt_id, NEW.line
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER warranty_of_person BEFORE INSERT OR UPDATE OF person_id, receipt_id ON wallet_warranty
    FOR EACH ROW EXECUTE FUNCTION wallet_is_of_the_receipts_person();
CREATE TRIGGER warranty_of_line BEFORE INSERT OR UPDATE OF receipt_id, line ON wallet_warranty
    FOR EACH ROW EXECUTE FUNCTION wallet_warranty_is_of_a_line();
CREATE TRIGGER receipt_letter_of_person
    BEFORE INSERT OR UPDATE OF person_id, receipt_id ON wallet_receipt_letter
    FOR EACH ROW EXECUTE FUNCTION wallet_is_of_the_receipts_person();
