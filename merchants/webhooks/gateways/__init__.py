"""The door to merchants' own servers; never inside a transaction."""
