"""The browser till."""
