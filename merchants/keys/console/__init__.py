"""The retailer's pages about keys and till vendors."""
