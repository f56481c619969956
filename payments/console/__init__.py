"""The retailer's pages of money: its invoices and its books."""
