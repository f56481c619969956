"""What a till can do with a sale: quote it, pay it, do both at once, give it up."""
