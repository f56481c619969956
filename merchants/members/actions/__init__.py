"""Verbs of looking at a customer."""
