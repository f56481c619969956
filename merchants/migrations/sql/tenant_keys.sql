-- A figure of one merchant can only be about a store of the same merchant.
ALTER TABLE merchants_livefigure ADD CONSTRAINT live_figure_store_of_same_merchant
    FOREIGN KEY (merchant_id, store_id) REFERENCES parties_store (merchant_id, id);
