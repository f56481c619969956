"""Calls to the outside: a chain's own loyalty system. Never inside a transaction."""
