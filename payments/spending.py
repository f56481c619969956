"""How much may be spent, and when the phone must confirm: OK's own bounds (pure).

Amounts are cents. PostgreSQL holds them too: as defaults and checks of the tables of
``models/limits.py``, and in ``migrations/sql/limits.sql``; a test compares the two.
"""

DAILY, MONTHLY, HOURLY_PAYMENTS = 100_000, 500_000, 20
"""What an account may spend in a calendar day and month, and how often in an hour, at first."""

MOST_DAILY, MOST_MONTHLY = 500_000, 2_500_000
"""Up to here a person may raise it."""

CONFIRM_ABOVE = 5_000
"""A single payment above € 50 is confirmed on the phone (RTS 2018/389, art. 11 (a))."""

CONFIRM_TOGETHER_ABOVE = 15_000
"""So is the one that takes those since the last confirmation above € 150 together (11 (b))."""
