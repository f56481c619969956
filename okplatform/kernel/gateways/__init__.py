"""Calls to the outside that any app may need."""
