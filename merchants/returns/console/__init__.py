"""The retailer's pages for giving back: find the sale, choose what comes back, confirm."""
