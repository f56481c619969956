"""Keys of tills and webshops, and the till vendors who act for a merchant."""
