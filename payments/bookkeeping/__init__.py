"""Fees, invoices and what a merchant's bookkeeper downloads: sums and formats, no Django (pure)."""
