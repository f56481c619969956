-- A sale is told to the system of its own merchant and mode, whatever the code above it does.
ALTER TABLE loyalty_connected_sale
    ADD CONSTRAINT connected_sale_sale_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, sale_id) REFERENCES trade_sale (merchant_id, mode, id),
    ADD CONSTRAINT connected_sale_connector_of_same_merchant_and_mode
    FOREIGN KEY (merchant_id, mode, connector_id)
    REFERENCES loyalty_connector (merchant_id, mode, id);

-- Travels with the rest of a sale's calls, and only for a sale that another system was asked about.
CREATE FUNCTION loyalty_keep_connected(
    the_sale bigint, the_merchant bigint, the_mode text, the_connector bigint, the_member bigint,
    the_state text, the_amount bigint)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO loyalty_connected_sale
        (sale_id, merchant_id, mode, connector_id, member_id, state, given)
    VALUES (the_sale, the_merchant, the_mode, the_connector, the_member, the_state, the_amount)
    ON CONFLICT (sale_id) DO NOTHING
$$;
