-- A sandbox's time and its epochs go forward only: what happened in it keeps its order, and a reset cannot be undone.
CREATE FUNCTION merchants_sandbox_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.epoch < OLD.epoch
        OR NEW.epoch = OLD.epoch AND NEW.ahead < OLD.ahead
        OR (NEW.after_sale, NEW.after_payment, NEW.after_link) IS DISTINCT FROM
            (OLD.after_sale, OLD.after_payment, OLD.after_link) AND NEW.epoch = OLD.epoch
        OR NEW.after_sale < OLD.after_sale OR NEW.after_payment < OLD.after_payment
        OR NEW.after_link < OLD.after_link
    THEN
        RAISE EXCEPTION 'a sandbox goes forward only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER sandbox_goes_forward BEFORE UPDATE ON merchants_sandbox
    FOR EACH ROW EXECUTE FUNCTION merchants_sandbox_goes_forward();
