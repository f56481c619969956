DROP FUNCTION loyalty_keep_connected;
ALTER TABLE loyalty_connected_sale
    DROP CONSTRAINT connected_sale_connector_of_same_merchant_and_mode,
    DROP CONSTRAINT connected_sale_sale_of_same_merchant_and_mode;
