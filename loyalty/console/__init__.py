"""The retailer's pages: the programme, and the offers beside it."""
