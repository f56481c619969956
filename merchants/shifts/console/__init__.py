"""The retailer's page of a store's day: what each till came to."""
