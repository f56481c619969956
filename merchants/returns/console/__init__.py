"""The retailer's pages for giving back."""
