-- What is told to an endpoint belongs to its merchant and its mode.
ALTER TABLE merchants_webhook_delivery ADD CONSTRAINT webhook_delivery_endpoint_of_same_merchant
    FOREIGN KEY (merchant_id, mode, endpoint_id) REFERENCES merchants_webhook_endpoint (merchant_id, mode, id);

-- The specification asks for 20 kB at most, of headers and all.
ALTER TABLE merchants_webhook_delivery ADD CONSTRAINT webhook_delivery_body_is_small
    CHECK (octet_length(body) <= 18000);

CREATE SEQUENCE merchants_webhook_place;

-- What was said stays said, and what has ended moves again only by a replay: nothing that was delivered is sent
-- again because two workers met.
CREATE FUNCTION merchants_webhook_delivery_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.merchant_id, OLD.mode, OLD.endpoint_id, OLD.event_id, OLD.type, OLD.message, OLD.body)
        IS DISTINCT FROM
        (NEW.merchant_id, NEW.mode, NEW.endpoint_id, NEW.event_id, NEW.type, NEW.message, NEW.body) THEN
        RAISE EXCEPTION 'what delivery % says does not change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'waiting' AND NEW.replays = OLD.replays THEN
        RAISE EXCEPTION 'delivery % has ended', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER webhook_delivery_moves BEFORE UPDATE ON merchants_webhook_delivery
    FOR EACH ROW EXECUTE FUNCTION merchants_webhook_delivery_moves();
