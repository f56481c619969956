"""The retailer's pages about certificates."""
