"""The retailer's pages about its own trade."""
