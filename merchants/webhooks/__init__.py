"""Tells merchants' own servers what happened, in order, until they have it."""
