"""How tills and webshops sign in, and what they may do."""
