"""The retailer's pages about its endpoints."""
