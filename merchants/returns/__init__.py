"""Gives back what was sold, in any store of the merchant: the refund API and the console's page."""
