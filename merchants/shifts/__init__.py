"""Shifts of tills, and what they come to: the API, and the console's page of a store's day."""
